import { languages, switchLanguage, texts } from "../language/language.ts";

/** In which language the page speaks. */
export function LanguageChoice() {
  const words = texts.value;
  return (
    <select
      class="language-choice"
      aria-label={words.language}
      value={words.code}
      onChange={(event) => switchLanguage(event.currentTarget.value)}
    >
      {Object.values(languages).map(({ code, name }) => (
        <option key={code} value={code} lang={code} title={name}>
          {code.toUpperCase()}
        </option>
      ))}
    </select>
  );
}
