import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

const DESCRIPTION = `Who was near whom, for how long. Devices send position fixes to another door; here operators ask.

- **Credential**: \`Authorization: Bearer <operator token>\`, the machine owner's, or the session cookie that the map's
  sign-in sets. With the cookie, calls that change something are taken from this service's own pages only.
- **Roles**: people have accounts with roles in venues: *viewer*, *tracer*, *admin*, *auditor*. Each call says whom it is
  for; the machine's owner may make all. Without any role in a venue the answer is 404 as if there were none, with another
  role 403. Tracers name their case, \`?case=\`; what they read is written to the audit log before the answer leaves.
- **Times** are whole milliseconds since the Unix epoch, UTC; **lengths** metres, in answers rounded to mm;
  **coordinates** WGS84 degrees. A **minute** is \`floor(ms / 60000)\`.
- **Distance** is the geodesic distance of two fixes' centres, **gap** is that less both accuracy radii (how near the two
  can have been), **reach** that plus both (how far apart). Two devices on one floor in one minute with
  \`gap <= proximity\` are *in proximity*; *certainly* so if \`reach <= proximity\`, too.
- **Errors** are \`{"error":{"code","message"}}\`; the message says what to do. A connection that breaks off amid an
  answer means that the answer is not whole.
- **Ids** in paths are percent-encoded UTF-8.`;

/** Describes the routes that are registered after it, at `/openapi.json` for programs and at `/docs` for people. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Encounter: the operators' door", version: "1", description: DESCRIPTION },
      components: { securitySchemes: { operator_token: { type: "http", scheme: "bearer" }, session: SESSION } },
      security: [{ operator_token: [] }, { session: [] }],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    theme: { title: "Encounter: the operators' door" },
    // Without the bar at its top: the mark in it brings a style of its own, which the content policy does not allow.
    uiConfig: { docExpansion: "list", deepLinking: false, tryItOutEnabled: false, layout: "BaseLayout" },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

/** Over TLS its name begins with `__Host-`. */
const SESSION = { type: "apiKey", in: "cookie", name: "encounter_session" } as const;
