import type { RepairReference } from "../../server/messages/repair-messages.ts";
import type { Picture, View } from "../../service/preview/picture.ts";

/** What a person has chosen to see of one model. */
export interface Choice {
  readonly view: View;
  /** Drawn beside the model; null for none. */
  readonly repair: RepairReference | null;
}

/** What a panel is of: kept by its page, so that it comes back after the window was closed. */
export interface Origin {
  readonly uri: string;
  /** Null: the one around the cursor, else the document's first. */
  readonly model: string | null;
  /** Whether it stays with its model when the cursor goes elsewhere. */
  readonly isLocked: boolean;
  /** By the model's name, of those that were looked at last. */
  readonly choices: Readonly<Record<string, Choice>>;
}

/** What a panel tells its page. */
export type ToPage =
  | {
      readonly kind: "picture";
      readonly origin: Origin;
      /** Name of the document, for people. */
      readonly file: string;
      readonly version: number;
      readonly picture: Picture;
      readonly models: readonly string[];
      readonly repairs: readonly { readonly title: string; readonly repair: RepairReference }[];
    }
  | {
      readonly kind: "problem";
      readonly origin: Origin;
      readonly file: string;
      readonly models: readonly string[];
      readonly text: string;
      readonly advice: string;
      /** Whether there is a first mistake to go to. */
      readonly hasPlace: boolean;
    }
  | { readonly kind: "computing" }
  | { readonly kind: "origin"; readonly origin: Origin }
  /** What the page asked for is in the document now. */
  | { readonly kind: "written" };

/** What a page tells its panel. */
export type FromPage =
  /** It listens: also after it was hidden, since it is made anew then. */
  | { readonly kind: "ready" }
  | { readonly kind: "choose"; readonly model: string; readonly choice: Choice }
  | { readonly kind: "model"; readonly model: string }
  | { readonly kind: "lock"; readonly isLocked: boolean }
  | {
      readonly kind: "write";
      readonly model: string;
      readonly version: number;
      readonly initial: readonly (readonly number[])[];
      readonly spread: number | null;
      readonly until: number | null;
    }
  /** To the document: to its first mistake where there is one. */
  | { readonly kind: "reveal" }
  /** @property name without its ending */
  | {
      readonly kind: "save";
      readonly name: string;
      readonly ending: "svg" | "png" | "csv";
      readonly content: string | Uint8Array;
    }
  | { readonly kind: "copy"; readonly text: string };

/** What a page keeps of itself while it is hidden, and when the window is closed. */
export interface PageState {
  readonly origin: Origin;
  readonly rotation: { readonly turn: number; readonly lift: number };
  /** Of plots whose table is shown. */
  readonly tables: readonly string[];
  readonly showsSettings: boolean;
  /** Of which model `windows` are. */
  readonly model: string;
  /** What is seen of each plot's axes where a person has changed it; `t` is shared by those over time. */
  readonly windows: Readonly<Record<string, Seen>>;
}

export interface Seen {
  readonly x: readonly [number, number] | null;
  readonly y: readonly [number, number] | null;
}
