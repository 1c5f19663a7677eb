/** TSDoc of generated declarations. */
import { stripHungarian } from "../names/hungarian.ts";
import { splitWords, toCamel } from "../names/words.ts";

/** `[MS-CMRP] 2.2.3.1`; a section of another document names it itself. */
export function citation(document: string | undefined, section: string | undefined): string {
  if (section === undefined) return "";
  return document === undefined || section.startsWith("[") ? section : `[${document}] ${section}`;
}

/** Adds the full stop that a one-line summary may lack. */
export function sentence(text: string | undefined): string {
  if (text === undefined || text === "") return "";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Whether a member's name tells its IDL name to someone who knows the naming rules. */
export function isPlainName(wire: string, member: string): boolean {
  return (
    member === toCamel(splitWords(wire)) || member === toCamel(splitWords(stripHungarian(wire)))
  );
}
