import { MapSettings } from "@encounter/core/wire/map-settings";
import type { FastifyInstance } from "fastify";
import { answers, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";
import { BASE_FILE_PATH } from "./base-file-route.ts";

/** What the map needs to know of the installation. */
export function mapSettingsRoutes(app: FastifyInstance, { config }: ApiServices): void {
  const { mapboxToken, styleUrl, pmtilesFile } = config.map;
  const pmtilesUrl = pmtilesFile === null ? config.map.pmtilesUrl : BASE_FILE_PATH;
  const settings: MapSettings = {
    map: {
      ...(mapboxToken === null ? {} : { mapbox_token: mapboxToken }),
      ...(styleUrl === null ? {} : { style_url: styleUrl }),
      ...(pmtilesUrl === null ? {} : { pmtiles_url: pmtilesUrl }),
    },
  };
  app.get(
    "/v1/config",
    {
      schema: {
        tags: ["map"],
        summary: "Settings of the map",
        response: answers({ 200: jsonAnswer("what is configured", MapSettings) }, 401),
      },
    },
    async () => settings,
  );
}
