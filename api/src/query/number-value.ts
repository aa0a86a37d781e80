import { isInTenths } from "@encounter/core/domain/venue-settings";
import { badRequest } from "../http/api-error.ts";

/** Reads a whole number. @throws ApiError naming the allowed range */
export function readInteger(name: string, text: string, minimum: number, maximum: number): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw badRequest(`${name} must be a whole number between ${minimum} and ${maximum}`);
}

/** Reads a proximity in metres as decimetres. @throws ApiError naming the allowed range */
export function readProximityDm(text: string, capM: number): number {
  const metres = /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (metres >= 0 && metres <= capM && isInTenths(metres)) return Math.round(metres * 10);
  throw badRequest(`proximity must be between 0 and ${capM} m, the venue's cap, in steps of 0.1`);
}

/** Reads `true` or `false`. @throws ApiError */
export function readBoolean(name: string, text: string): boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  throw badRequest(`${name} must be true or false`);
}
