// Files as people hand them over: chosen, dropped with their folders, or pasted.

/** The bounds that the API has too. */
export const maxBytes = 512 * 2 ** 20;
const maxNameBytes = 255;
/** Of one drop: a mistaken drop of a whole disk must end. */
const maxFiles = 20_000;

const types: Record<string, string> = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp', bmp: 'image/bmp', tif: 'image/tiff',
  tiff: 'image/tiff', heic: 'image/heic', heif: 'image/heif', avif: 'image/avif', dng: 'image/x-adobe-dng', cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3', nef: 'image/x-nikon-nef', arw: 'image/x-sony-arw', raf: 'image/x-fuji-raf', orf: 'image/x-olympus-orf',
  rw2: 'image/x-panasonic-rw2', pef: 'image/x-pentax-pef', srw: 'image/x-samsung-srw',
};

/** For file pickers: browsers do not count raw files among images. */
export const accept = `image/*,${Object.keys(types).map((extension) => `.${extension}`).join(',')}`;

/** typeOf is what to announce; undefined for a file that is no picture. The bytes decide in the end. */
export function typeOf({ name, type }: { name: string; type: string }): string | undefined {
  const said = type.toLowerCase();
  if (/^image\/[a-z0-9][a-z0-9.+-]*$/.test(said) && said !== 'image/svg+xml') return said;
  return types[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/** nameOf is the file's name as it can be announced: without control characters, and not too long. */
export function nameOf(name: string): string {
  const clean = name.toWellFormed().replace(/\p{Cc}/gu, '').trim() || 'picture';
  if (size(clean) <= maxNameBytes) return clean;
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= 8 ? clean.slice(dot) : '';
  let stem = [...clean.slice(0, clean.length - extension.length)];
  while (size(stem.join('') + extension) > maxNameBytes) stem = stem.slice(0, -1);
  return stem.join('') + extension;
}

const size = (text: string) => new TextEncoder().encode(text).length;

/** refusal is why a file need not be sent at all. */
export function refusal({ size, name, type }: File): string | undefined {
  if (!typeOf({ name, type })) return 'It is not a picture that Darkroom reads.';
  if (size === 0) return 'It is empty.';
  if (size > maxBytes) return 'It is larger than 512 MB.';
  return undefined;
}

/** dropped are the files of a drop, those in folders too. It must be called before the event is over. */
export async function dropped(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return [...data.files];
  const files: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, files);
  return files;
}

async function walk(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length >= maxFiles || entry.name.startsWith('.')) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    if (typeOf(file)) files.push(file); // what else is in the folder was not meant
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (let some: FileSystemEntry[]; ; ) {
    some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (some.length === 0) return;
    for (const inside of some) await walk(inside, files);
  }
}

/** pasted are the pictures in a paste. Browsers call each of them image.png. */
export function pasted(data: DataTransfer, now = new Date()): File[] {
  const stamp = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return [...data.files].filter((file) => typeOf(file)).map((file, i) => {
    if (!/^image\.\w+$/.test(file.name)) return file;
    return new File([file], `Pasted ${stamp}${i ? ` ${i + 1}` : ''}.${file.name.split('.').at(-1)}`, { type: file.type });
  });
}
