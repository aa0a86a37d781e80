import type { ComponentType } from "preact";
import type { BesidePage } from "../state/beside.ts";
import type { BesideProps } from "./beside-props.ts";
import { lazyPage } from "./lazy-page.tsx";

/** The pages beside the map, by their names in the address. */
export const besidePages: Readonly<Record<BesidePage, ComponentType<BesideProps>>> = {
  manage: lazyPage(async () => (await import("../manage/ManagePage.tsx")).ManagePage),
  account: lazyPage(async () => (await import("../account/AccountPage.tsx")).AccountPage),
  audit: lazyPage(async () => (await import("../audit/AuditPage.tsx")).AuditPage),
};
