import type { Palette } from "../theme/palette.ts";
import type { Base } from "./base.ts";
import type { BaseChoice } from "./base-choice.ts";
import { ownBase } from "./world-layers.ts";

/** Gets a base ready. @throws where an archive cannot be read */
export async function readyBase(choice: BaseChoice, palette: Palette): Promise<Base> {
  const none = () => [];
  switch (choice.kind) {
    case "own":
      return { style: ownBase(palette), token: undefined, ownWorld: true, layers: none };
    case "style":
      return { style: choice.url, token: choice.token, ownWorld: false, layers: none };
    case "archive": {
      const { archiveBase } = await import("./archive-base.ts");
      return archiveBase(choice.url, palette);
    }
  }
}
