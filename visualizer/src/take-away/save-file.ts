/** Hands a file to the browser; what its name must not hold is replaced. */
export function saveFile(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\\/:*?"<>|]/g, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A time as names of files have it, UTC. */
export function fileTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace(":", "")}Z`;
}
