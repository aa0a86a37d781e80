import Type from "typebox";

/** What the operators' door answers where it cannot do what was asked. */
export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({ description: "for programs: stays the same" }),
    message: Type.String({ description: "for people: says what to do" }),
  }),
});
export type ErrorAnswer = Type.Static<typeof ErrorAnswer>;
