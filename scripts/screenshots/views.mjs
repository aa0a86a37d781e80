/** @typedef {import("./stage.mjs").Scene} Scene */
/** @typedef {import("playwright-core").Page} Page */

/**
 * One picture. To add one is to add an entry.
 * @typedef {object} View
 * @property {string} name the file's, without its ending
 * @property {string} about
 * @property {(scene: Scene) => string} link the part of the address after #
 * @property {boolean} [narrow] as on a telephone
 * @property {boolean} [signedOut]
 * @property {string[]} [roles] in the venue, of an account that looks; without them the machine's owner does
 * @property {string} [until] what must be there, as a selector
 * @property {(page: Page) => Promise<unknown>} [act] what is done before the picture is taken
 */

const LIVE = '#map[data-connection="live"]:not([data-circles="0"])';
const PAST = '#map[data-circles]:not([data-minute=""])';

/** @param {Scene} scene */
const venue = ({ venue }) => `venue=${venue}`;
/** @param {Scene} scene */
const aDevice = (scene) => `${venue(scene)}&device=${encodeURIComponent(scene.device)}`;
/** @param {Page} page */
const openSheet = (page) => page.getByRole("button", { name: "View", exact: true }).click();

/** @type {View[]} */
export const views = [
  { name: "live", about: "the live map", link: venue, until: LIVE },
  { name: "past", about: "a past minute", link: (scene) => `${venue(scene)}&minute=${scene.minute}`, until: PAST },
  { name: "device", about: "a device's page", link: aDevice, until: ".side tbody tr" },
  {
    name: "why",
    about: "why a contact counts",
    link: (scene) => `${aDevice(scene)}&other=${encodeURIComponent(scene.other)}`,
    until: ".why .minute",
  },
  {
    name: "network",
    about: "the network of contacts",
    link: (scene) => `${venue(scene)}&panel=network`,
    until: ".side",
  },
  {
    name: "watch",
    about: "contacts as they come about",
    link: (scene) => `${venue(scene)}&panel=watch`,
    until: ".side",
  },
  {
    name: "table",
    about: "what the map shows as a table",
    link: (scene) => `${venue(scene)}&panel=table`,
    until: ".side tbody tr",
  },
  {
    name: "what-if",
    about: "another measure, in the view sheet",
    link: (scene) => `${venue(scene)}&proximity=4&min_minutes=3`,
    until: LIVE,
    act: openSheet,
  },
  {
    name: "layers",
    about: "trails, heat and devices per room",
    link: (scene) => `${venue(scene)}&layers=lines,trails,heat,counts`,
    until: LIVE,
  },
  {
    name: "manage",
    about: "the page about a venue",
    link: (scene) => `manage=${scene.venue}`,
    until: "main h1, main h2",
  },
  {
    name: "audit",
    about: "the audit log",
    link: (scene) => `audit=${scene.venue}`,
    roles: ["auditor"],
    until: ".audit-table",
  },
  {
    name: "account",
    about: "one's own account, with a second factor on offer",
    link: () => "account",
    roles: ["viewer"],
    until: "#factor-title",
    act: (page) => page.locator("#factor-title ~ .actions .primary").click(),
  },
  {
    name: "erase",
    about: "the question before a device is erased",
    link: (scene) => `manage=${scene.venue}`,
    until: "#erase-device",
    act: async (page) => {
      await page.locator("#erase-device").fill("badge 17");
      await page.keyboard.press("Enter");
    },
  },
  { name: "sign-in", about: "the sign-in page", link: () => "", signedOut: true, until: "input[type=password]" },
  { name: "narrow", about: "the live map on a telephone", link: venue, narrow: true, until: LIVE },
  {
    name: "narrow-audit",
    about: "the audit log on a telephone",
    link: (scene) => `audit=${scene.venue}`,
    roles: ["auditor"],
    narrow: true,
    until: ".audit-table",
  },
  {
    name: "narrow-device",
    about: "a device on a telephone",
    link: aDevice,
    narrow: true,
    until: ".side tbody tr",
  },
];
