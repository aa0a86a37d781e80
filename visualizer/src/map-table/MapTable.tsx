import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Texts, texts } from "../language/language.ts";
import { SideFrame } from "../page/SideFrame.tsx";
import { metresText } from "../page/wording.ts";
import type { MapState } from "../state/map-state.ts";
import { PAGE_ROWS, Pager, pageWithin } from "../table/Pager.tsx";
import { type ShownDevice, type ShownLine, shownDevices, shownLines } from "../take-away/shown.ts";
import { clockText, minuteText } from "../window/zoned-time.ts";

/** A table that changed every second could not be read, least of all aloud. */
const READ_EVERY_MS = 10_000;

/** What the map shows, in words: the devices and the lines of the floor, as of a moment. */
export function MapTable({ state }: { state: MapState }) {
  const words = texts.value;
  const read = useSignal(0);
  useEffect(() => {
    const timer = setInterval(() => read.value++, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [read]);
  const { devices, lines, floor, time } = useReading(state, words, read.value);
  return (
    <SideFrame
      label={words.mapTable.title}
      title={words.mapTable.title}
      kind="network"
      close={() => {
        state.panel.value = null;
      }}
    >
      <p class="soft" role="status">
        {time !== "" && words.mapTable.summary(devices.length, lines.length, words.floorNumber(floor), time)}
      </p>
      <button type="button" class="plain" onClick={() => read.value++}>
        {words.mapTable.readAgain}
      </button>
      <h3>{words.devices}</h3>
      <Devices state={state} devices={devices} />
      <h3>{words.lines}</h3>
      <Lines lines={lines} />
    </SideFrame>
  );
}

interface Reading {
  readonly devices: readonly ShownDevice[];
  readonly lines: readonly ShownLine[];
  readonly floor: number;
  readonly time: string;
}

/**
 * What the map shows, read anew when one looks at something else, but not before the map itself does: what was asked
 * for and what is drawn are one only from the next time on that the view is built.
 */
function useReading(state: MapState, words: Texts, read: number): Reading {
  const revision = state.revision.value;
  const floor = state.floor.value;
  const looked = [floor, state.drawnMinute.value, state.connection.value, state.measure.query(), words.code, read];
  const asked = looked.join(" ");
  const last = useRef({ asked: "", since: revision, isDue: true, reading: NOTHING_READ });
  if (last.current.asked !== asked) last.current = { ...last.current, asked, since: revision, isDue: true };
  if (last.current.isDue && last.current.since !== revision) {
    const reading = { devices: shownDevices(state), lines: shownLines(state), floor, time: timeText(state, words) };
    last.current = { ...last.current, isDue: false, reading };
  }
  return last.current.reading;
}

const NOTHING_READ: Reading = { devices: [], lines: [], floor: 0, time: "" };

function timeText(state: MapState, { code }: Texts): string {
  const timeZone = state.timeZone.peek();
  const minute = state.drawnMinute.peek();
  return minute === null ? clockText(state.serverNowMs(), timeZone, code) : minuteText(minute, timeZone, code);
}

function Devices({ state, devices }: { state: MapState; devices: readonly ShownDevice[] }) {
  const words = texts.value;
  const timeZone = state.timeZone.value;
  return (
    <PagedTable
      label={words.devices}
      heads={[words.mapTable.device, words.mapTable.state, words.room, words.accuracyColumn, words.lastFix]}
      rows={devices}
      keyOf={({ device_id }) => device_id}
      cells={(device) => [
        <button
          key="name"
          type="button"
          title={device.device_id}
          onClick={() => {
            state.panel.value = null;
            state.select(device.device_id);
          }}
        >
          {device.device_id}
        </button>,
        words.deviceState[device.state],
        device.room || "–",
        metresText(device.accuracy, words.code),
        clockText(Date.parse(device.time), timeZone, words.code),
      ]}
    />
  );
}

function Lines({ lines }: { lines: readonly ShownLine[] }) {
  const words = texts.value;
  return (
    <PagedTable
      label={words.lines}
      heads={[words.mapTable.device, words.mapTable.other, words.mapTable.minutes, words.mapTable.state]}
      rows={lines}
      keyOf={({ device_id, other }) => `${device_id}\n${other}`}
      cells={({ device_id, other, minutes, contact, certain }) => [
        device_id,
        other,
        minutes.toLocaleString(words.code),
        `${contact ? words.inContact : words.near}, ${certain ? words.certain : words.possible}`,
      ]}
    />
  );
}

interface PagedProps<Row> {
  readonly label: string;
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly cells: (row: Row) => readonly ComponentChildren[];
}

function PagedTable<Row>({ label, heads, rows, keyOf, cells }: PagedProps<Row>) {
  const turned = useSignal(0);
  const page = pageWithin(turned.value, rows.length);
  return (
    <>
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS).map((row) => (
            <tr key={keyOf(row)}>
              {cells(row).map((cell, column) => (
                <td key={heads[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Pager
        rows={rows.length}
        page={page}
        turn={(to) => {
          turned.value = to;
        }}
      />
    </>
  );
}
