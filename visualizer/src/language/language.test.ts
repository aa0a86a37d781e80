import { describe, expect, it } from "vitest";
import { chooseLanguage, languages, type Texts } from "./language.ts";

function texts(language: Texts): [string, unknown][] {
  return Object.entries({ ...language, ...language.deviceState });
}

describe("languages", () => {
  it("takes the first preferred one that there is", () => {
    expect(chooseLanguage(["fr-FR", "de-AT", "en"])).toBe("de");
    expect(chooseLanguage(["EN-us"])).toBe("en");
    expect(chooseLanguage(["ja"])).toBe("en");
    expect(chooseLanguage([])).toBe("en");
  });

  it.each(Object.values(languages))("$name has words for everything", (language) => {
    const english = languages.en!;
    expect(Object.keys(language).sort()).toEqual(Object.keys(english).sort());
    for (const [name, text] of texts(language)) {
      if (typeof text === "string") expect(text.trim(), name).not.toBe("");
      else if (typeof text === "function") expect(text(2, 3), name).toMatch(/2/);
    }
  });
});
