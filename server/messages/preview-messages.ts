import type { Position, Range } from "vscode-languageserver-types";
import type { Picture, View } from "../../service/preview/picture.ts";
import type { RepairReference } from "./repair-messages.ts";

/** The request for what a preview shows: from `PreviewParams` to a `PreviewAnswer`. A later one for the same `preview` cancels it. */
export const pictureRequest = "contrax/picture";

export interface PreviewParams {
  /** Of the panel: a later request of the same one takes its place. */
  readonly preview: string;
  readonly uri: string;
  /** By its name; null: the one around `position`, else the document's first. */
  readonly model: string | null;
  readonly position: Position | null;
  readonly view: View;
  /** Drawn beside the model. */
  readonly repair: RepairReference | null;
}

export type PreviewAnswer =
  | {
      readonly kind: "picture";
      /** Of the document that it was made from. */
      readonly version: number;
      readonly picture: Packed<Picture>;
      /** Names of the document's models. */
      readonly models: readonly string[];
      /** Repairs that are proved and can be looked at beside the model. */
      readonly repairs: readonly { readonly title: string; readonly repair: RepairReference }[];
    }
  /** There is nothing to draw: a sentence that says why, and one that says what to do. */
  | {
      readonly kind: "problem";
      readonly version: number;
      readonly models: readonly string[];
      readonly text: string;
      readonly advice: string;
      /** Of the first mistake in the document; null without one. */
      readonly range: Range | null;
    };

/** The notification that what a preview of this document shows may have changed: its text, or what is known of its models. */
export const previewChangedNotification = "contrax/previewChanged";

export interface PreviewChangedParams {
  readonly uri: string;
}

/** The editor's command that opens the preview; its arguments are the document's URI and the model's name. */
export const openPreviewCommand = "contrax.openPreview";

/** The request to write what a preview shows into the model's `simulate` statements: from `WriteParams` to null, or fails with a sentence. */
export const writeRequest = "contrax/writeSimulation";

export interface WriteParams {
  readonly uri: string;
  /** It was looked at in this version: a newer one is left alone. */
  readonly version: number;
  readonly model: string;
  /** Those of the statements in their order; further ones go to the last statement. */
  readonly initial: readonly (readonly number[])[];
  /** Null: as the statements say, or do not say. */
  readonly spread: number | null;
  readonly until: number | null;
}

/** As it travels in JSON: each typed array is the base64 of its bytes, little-endian. */
export type Packed<T> = T extends Float64Array
  ? { readonly float64: string }
  : T extends Float32Array
    ? { readonly float32: string }
    : T extends readonly (infer E)[]
      ? readonly Packed<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Packed<T[K]> }
        : T;
