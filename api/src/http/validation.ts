import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { badRequest } from "./api-error.ts";

/**
 * Checks what a route's schema says: bodies by their TypeBox schema, queries for their names. Values of queries are
 * texts, and paths hold ids: the routes read both, since what is allowed depends on the venue.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === "body") return bodyValidator(schema);
  if (httpPart === "querystring") return queryValidator(schema);
  return () => true;
};

/** Leaves a body to its route. */
export const acceptAnyBody: FastifySchemaCompiler<TSchema> = ({ schema, httpPart, method, url }) => {
  return httpPart === "body" ? () => true : compileValidator({ schema, httpPart, method, url });
};

function bodyValidator(schema: TSchema) {
  const shape = Compile(schema);
  return (body: unknown) => {
    if (shape.Check(body)) return { value: body };
    return { error: badRequest(describe(shape.Errors(body)[0])) };
  };
}

type SchemaError = ReturnType<ReturnType<typeof Compile>["Errors"]>[number];

function describe(error: SchemaError | undefined): string {
  if (error === undefined || error.instancePath === "") {
    const missing =
      error !== undefined && "requiredProperties" in error.params ? error.params.requiredProperties[0] : null;
    return missing === null ? "the body must be a JSON object" : `${missing} is missing from the body`;
  }
  return `${error.instancePath.slice(1).replaceAll("/", ".")} ${error.message}`;
}

function queryValidator(schema: TSchema) {
  const names = Object.keys((schema as TSchema & { properties?: object }).properties ?? {});
  return (query: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(query)) {
      if (!names.includes(name)) return { error: badRequest(unknownParameter(name, names)) };
      if (typeof value !== "string") return { error: badRequest(`${name} must be given once`) };
    }
    return { value: query };
  };
}

function unknownParameter(name: string, names: readonly string[]): string {
  const known = names.length === 0 ? "this call takes none" : `this call takes ${names.join(", ")}`;
  return `unknown parameter ${JSON.stringify(name)}: ${known}`;
}
