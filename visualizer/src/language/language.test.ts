import { describe, expect, it } from "vitest";
import { chooseLanguage, languages, type Texts } from "./language.ts";

/** All words, those in groups by their full names. */
function texts(group: object, prefix = ""): [string, unknown][] {
  return Object.entries(group).flatMap(([name, text]) =>
    typeof text === "object" ? texts(text, `${prefix}${name}.`) : [[`${prefix}${name}`, text]],
  );
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
    const namesOf = (each: Texts) => texts(each).map(([name]) => name);
    expect(namesOf(language).sort()).toEqual(namesOf(english).sort());
    for (const [name, text] of texts(language)) {
      if (typeof text === "string") expect(text.trim(), name).not.toBe("");
      else if (typeof text === "function") expect(text(2, 3), name).toMatch(/2/);
    }
  });
});
