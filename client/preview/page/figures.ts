import type { Picture } from "../../../service/preview/picture.ts";
import { distances } from "./distances.ts";
import type { Figure } from "./figure.ts";
import { normCourses } from "./norm-courses.ts";
import { planePlot } from "./plane.ts";
import type { Rotation } from "./project.ts";
import { spectrumPlot } from "./spectrum.ts";
import { trajectories } from "./trajectories.ts";

/** All plots, in the order in which they stand on the page. */
export function figuresOf(picture: Picture, rotation: Rotation): Figure[] {
  return [
    trajectories(picture),
    planePlot(picture, rotation),
    distances(picture),
    normCourses(picture),
    spectrumPlot(picture),
  ];
}
