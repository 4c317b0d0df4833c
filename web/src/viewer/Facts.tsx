// The pane beside the picture.
import { coordinates, mapLink } from '../format.js';
import { reason } from '../gallery/status.js';
import { Icon } from '../ui/Icon.js';
import { camera, type Fact, file, words } from './facts.js';
import type { Details } from './operations.js';

export function Facts({ details }: { details: Details }) {
  const { capture, looks, status } = details;
  const place = capture?.location;
  return (
    <>
      {status === 'FAILED' && <p className="facts-failed" role="status"><Icon name="alert" />{reason(details)}</p>}
      <List title="About" facts={words(details)} />
      <List title="Camera" facts={camera(details)} />
      {place && (
        <section>
          <h2>Place</h2>
          <p>{coordinates(place.latitude, place.longitude)}{place.altitude !== null && `, ${Math.round(place.altitude)} m`}</p>
          <a className="facts-map" href={mapLink(place.latitude, place.longitude)} target="_blank" rel="noreferrer noopener">
            <Icon name="map" />Show on OpenStreetMap
          </a>
        </section>
      )}
      {looks && (
        <section>
          <h2>Looks</h2>
          <ul className="swatches" aria-label="Colours">
            {looks.colours.map((colour) => (
              <li key={colour} title={colour}><span style={{ background: colour }} /><span className="unseen">{colour}</span></li>
            ))}
          </ul>
          <Score name="Sharpness" value={looks.sharpness} />
          <Score name="Exposure" value={looks.exposure} />
          <Score name="Quality" value={looks.quality} />
        </section>
      )}
      <List title="File" facts={file(details)} />
    </>
  );
}

function List({ title, facts }: { title: string; facts: Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <dl>
        {facts.map(({ name, value }) => (
          <div key={name}><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div>
        ))}
      </dl>
    </section>
  );
}

const Score = ({ name, value }: { name: string; value: number }) => (
  <div className="score">
    <span>{name}</span>
    <span className="score-bar" role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(value * 100)}>
      <span style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }} />
    </span>
    <span className="score-value">{Math.round(value * 100)}</span>
  </div>
);
