import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

const OPERATOR_TOKEN = "0123456789abcdef";

describe("the environment", () => {
  test("needs no more than an operator token", () => {
    const config = readConfig({ OPERATOR_TOKEN });
    expect(config).toMatchObject({ port: 8081, host: "127.0.0.1", redisUrls: ["redis://127.0.0.1:6379"] });
    expect(config.map).toEqual({ mapboxToken: null, styleUrl: null, pmtilesUrl: null, pmtilesFile: null, origins: [] });
    expect(config.mapDirectory).toMatch(/visualizer.dist$/);
  });

  test("says where the map's base comes from", () => {
    const { map } = readConfig({
      OPERATOR_TOKEN,
      MAPBOX_TOKEN: "pk.x",
      MAP_STYLE_URL: "mapbox://styles/mapbox/light-v11",
      MAP_PMTILES_URL: "/tiles/town.pmtiles",
      MAP_ORIGINS: "https://a.example.org, https://*.example.com:8443",
    });
    expect(map).toEqual({
      mapboxToken: "pk.x",
      styleUrl: "mapbox://styles/mapbox/light-v11",
      pmtilesUrl: "/tiles/town.pmtiles",
      pmtilesFile: null,
      origins: ["https://a.example.org", "https://*.example.com:8443"],
    });
  });

  test.each([{ HOST: "::1" }, { HOST: "127.0.0.2" }, { HOST: "localhost" }, { HOST: "0.0.0.0", TRUST_PROXY: "1" }])(
    "%j is this machine alone, or behind a proxy with TLS",
    (environment) => {
      expect(readConfig({ OPERATOR_TOKEN, ...environment }).host).toBe(environment.HOST);
    },
  );

  test("takes a base from a file of this machine, wherever it is started", () => {
    const { map } = readConfig({ OPERATOR_TOKEN, MAP_PMTILES_FILE: "tiles/town.pmtiles" });
    expect(map.pmtilesFile).toBe(`${process.cwd()}/tiles/town.pmtiles`);
  });

  test.each([
    [{ MAP_PMTILES_FILE: "town.pmtiles", MAP_PMTILES_URL: "/town.pmtiles" }, "not both"],
    [{ OPERATOR_TOKEN: "" }, "OPERATOR_TOKEN must be set"],
    [{ HOST: "0.0.0.0" }, "HOST=0.0.0.0 opens the operators' door to others without TLS"],
    [{ HOST: "192.0.2.1", TRUST_PROXY: "0" }, "set TRUST_PROXY=1"],
    [{ MACHINE_KEY: "short" }, "MACHINE_KEY must have at least 32 characters"],
    [{ SESSION_IDLE_MINUTES: "0" }, "SESSION_IDLE_MINUTES must be minutes"],
    [{ SESSION_MAX_MINUTES: "1.5" }, "SESSION_MAX_MINUTES must be minutes"],
    [{ AUDIT_RETENTION_DAYS: "29" }, "AUDIT_RETENTION_DAYS must be days, 30 to 36500"],
    [{ OIDC_ISSUER: "https://id.example.org" }, "set OIDC_CLIENT_ID and PUBLIC_URL, too"],
    [
      { OIDC_ISSUER: "http://id.example.org", OIDC_CLIENT_ID: "e", PUBLIC_URL: "https://e.example.org" },
      "OIDC_ISSUER must be an https URL",
    ],
    [{ API_PORT: "http" }, "API_PORT must be a port"],
    [{ MAP_STYLE_URL: "file:///etc/passwd" }, "MAP_STYLE_URL must be an http(s) URL"],
    [{ MAP_STYLE_URL: "//elsewhere.example/style" }, "MAP_STYLE_URL"],
    [{ MAP_PMTILES_URL: "https://x.example/a b" }, "MAP_PMTILES_URL"],
    [{ MAP_ORIGINS: "https://x.example; script-src *" }, "MAP_ORIGINS must be origins"],
    [{ MAP_ORIGINS: "https://x.example/path" }, "MAP_ORIGINS must be origins"],
  ])("%j is refused in one line", (environment, message) => {
    expect(() => readConfig({ OPERATOR_TOKEN, ...environment })).toThrow(message);
  });
});
