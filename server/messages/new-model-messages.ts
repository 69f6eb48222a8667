/** The request for the templates: without parameters, to a list of `TemplateItem`. */
export const templatesRequest = "contrax/templates";

/** The request for a model to begin from: from `NewModelParams` to `NewModelResult`. */
export const newModelRequest = "contrax/newModel";

export interface TemplateItem {
  readonly name: string;
  readonly title: string;
  readonly detail: string;
}

export type NewModelParams =
  | { readonly template: string }
  | {
      /** The URI of the document that will hold the model. */
      readonly document: string;
      /** The weight file's path as it will stand in `load`, relative to the document. */
      readonly file: string;
    };

/** The text, or a message that says why there is none. */
export type NewModelResult = { readonly text: string } | { readonly problem: string };
