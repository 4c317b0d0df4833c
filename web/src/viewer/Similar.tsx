// What looks like the picture.
import type { Drawn } from '../api/operations.js';
import { Photo } from '../gallery/Photo.js';
import { go } from '../route.js';

export function Similar({ images, from }: { images: readonly Drawn[]; from: 'photos' | 'trash' }) {
  if (images.length === 0) return null;
  return (
    <section>
      <h2>Similar</h2>
      <ul className="similar">
        {images.map((image) => (
          <li key={image.id}>
            <button type="button" aria-label={`Show ${image.filename}`} onClick={() => go({ page: 'picture', id: image.id, from }, 'replace')}>
              <Photo placeholder={image.placeholder} renditions={image.renditions} width={104} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
