// Numbers for people.

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** bytes is a size in the units that file managers use: 1 kB is 1,000 bytes. */
export function bytes(n: number, locale?: string): string {
  let unit = 0;
  for (; n >= 999.5 && unit < units.length - 1; unit++) n /= 1000;
  const digits = unit > 0 && n < 9.95 ? 1 : 0;
  return `${n.toLocaleString(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits })} ${units[unit]}`;
}

/** duration is how long something takes, roughly: nobody waits by the second for an hour. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 5) return 'a few seconds';
  if (seconds < 55) return `${Math.round(seconds / 5) * 5} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

/** exposure is a shutter speed as cameras write it. */
export function exposure(seconds: number): string {
  if (seconds <= 0) return '';
  if (seconds >= 0.3) return `${trim(seconds)} s`;
  return `1/${Math.round(1 / seconds)} s`;
}

export const aperture = (f: number): string => `f/${trim(f)}`;

const trim = (n: number): string => String(Number(n.toFixed(1)));

/** megapixels, for cameras' sake. */
export function megapixels(width: number, height: number): string {
  const n = (width * height) / 1e6;
  return `${n < 10 ? n.toFixed(1) : Math.round(n)} MP`;
}

/** taken is when a camera's clock showed what it showed: a time of that place, never moved to the reader's zone. */
export function taken(takenAt: string, offset: number | null, locale?: string): string {
  const shown = new Date(Date.parse(takenAt) + (offset ?? 0) * 60_000);
  return shown.toLocaleString(locale, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
}

export const instant = (at: string, locale?: string): string => new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });

/** day is short, for the near future and the past. */
export const day = (at: string, locale?: string): string => new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });

/** coordinates as people write them. */
export function coordinates(latitude: number, longitude: number): string {
  const part = (n: number, positive: string, negative: string) => `${Math.abs(n).toFixed(4)}° ${n < 0 ? negative : positive}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`;
}

/** mapLink opens a map at a place, elsewhere and only when asked: nothing is told of it before. */
export function mapLink(latitude: number, longitude: number): string {
  const at = `${latitude.toFixed(5)}/${longitude.toFixed(5)}`;
  return `https://www.openstreetmap.org/?mlat=${latitude.toFixed(5)}&mlon=${longitude.toFixed(5)}#map=15/${at}`;
}

const winds = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'];

export const direction = (degrees: number): string => `${winds[Math.round((((degrees % 360) + 360) % 360) / 45) % 8]} (${Math.round(degrees)}°)`;
