/* remotion.jsx - the film of workload.py for Remotion; peers.py puts it, the pictures and film.json where it is bundled */
import React from 'react';
import {AbsoluteFill, Audio, Composition, Img, Sequence, registerRoot, staticFile, useCurrentFrame} from 'remotion';
import film from '../public/film.json';

/* Seen a fade longer than its section lasts, and coming in over what is seen before. */
const Picture = ({part, isFirst}) => {
  const frame = useCurrentFrame();
  const zoom = part.z0 + (part.z1 - part.z0) * frame / part.seen;
  const point = part.at.map((v) => `${100 * v}%`).join(' ');
  return (
    <AbsoluteFill style={{opacity: isFirst ? 1 : Math.min(1, frame / film.fade)}}>
      <Img src={staticFile(part.image)} style={{width: '100%', height: '100%', objectFit: 'cover', transformOrigin: point, transform: `scale(${zoom})`}} />
    </AbsoluteFill>
  );
};

const Words = () => {
  const now = useCurrentFrame() / film.fps;
  const cue = film.cues.find((c) => now >= c.from && now < c.to);
  const font = {font: 'bold 54px Noto Sans', color: 'white', textAlign: 'center', WebkitTextStroke: '6px black', paintOrder: 'stroke fill'};
  return <AbsoluteFill style={{justifyContent: 'flex-end', alignItems: 'center', paddingBottom: 54}}>{cue ? <div style={font}>{cue.text}</div> : null}</AbsoluteFill>;
};

const Film = () => (
  <AbsoluteFill style={{background: 'black'}}>
    {film.sections.map((part, i) => (
      <Sequence key={i} from={part.first} durationInFrames={part.seen}><Picture part={part} isFirst={i === 0} /></Sequence>
    ))}
    {film.sections.map((part, i) => (
      <Sequence key={i} from={part.first + 8} durationInFrames={part.frames - 8}><Audio src={staticFile(part.audio)} /></Sequence>
    ))}
    <Words />
  </AbsoluteFill>
);

const last = film.sections[film.sections.length - 1];
registerRoot(() => <Composition id="Film" component={Film} width={film.width} height={film.height} fps={film.fps} durationInFrames={last.first + last.frames} />);
