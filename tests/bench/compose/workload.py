#!/usr/bin/python3
"""Makes the film that all programs of the comparison make: workload.py DIR [SECTIONS [SECONDS [WIDTH HEIGHT [MEGAPIXELS]]]]

DIR gets pictures (photographs, a diagram, a chart, a table: NN.png, NN.jpg), narrations (NN.wav), captions.ass for programs that burn
subtitles, lesson.json for vidgen, and film.json, which says what every program shows:

  30 frames a second; each section takes SECONDS (8) of them. Its picture covers the frame. The camera looks at a rectangle of 1/z of it, whose
  place is such that the point `at` (parts of the frame) stays where it is; z goes evenly from z0 to z1 while the section is seen. Half a second
  of cross-fade between two sections: the next one begins `frames` after the last one, which is seen `fade` frames longer.

Every third photograph is of 4000 x 3000 px (MEGAPIXELS 12: all pictures are photographs of that size; 0: none has it); the others have
1536 x 1024. After 24 pictures the first comes again, with another move: no two sections are alike. The same arguments give the same files. Needs numpy and PIL.
"""
import json
import os
import sys
import wave

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FPS, FADE_S, RATE = 30, 0.5, 24000
REST_S = 16 / 30                                 # of silence in each section: whole frames at both ends, as long as the fade at least
FONT = "/usr/share/fonts/truetype/noto/NotoSans-%s.ttf"
SAYS = [
    "Rain that falls on the hills gathers in small streams and finds its way down to the valley below.",
    "Each box takes what the one before it has made and hands its own result on to the next one.",
    "From far above the coast seems smooth, but whoever comes closer sees more and more small bays.",
    "The blue line climbs quickly at first and then levels off, the orange one starts late and wins.",
    "In a table every reader finds the row that matters, and the numbers may speak for themselves.",
    "Old forests keep carbon in their wood and in the ground, and give it back only slowly.",
]
N_PICTURES = 24
MOVES = [((0.20, 0.25), 1.00, 1.15), ((0.50, 0.50), 1.00, 1.15), ((0.80, 0.30), 1.15, 1.00),
         ((0.15, 0.80), 1.00, 1.15), ((0.85, 0.85), 1.15, 1.00), ((0.40, 0.10), 1.00, 1.15)]


def noise(rng, w, h, slope):
    """A field of 0 to 1 whose amplitudes fall with frequency as f to the minus slope: what landscapes look like."""
    f = np.hypot(np.fft.fftfreq(h)[:, None] * h, np.fft.rfftfreq(w)[None, :] * h)
    f[0, 0] = np.inf
    field = np.fft.irfft2(f ** -slope * np.exp(2j * np.pi * rng.random(f.shape)), s=(h, w))
    low, high = np.quantile(field, (0.005, 0.995))
    return np.clip((field - low) / (high - low), 0, 1)


def photograph(rng, w, h):
    """Lit hills under a cloudy sky, with huts, branches and grain."""
    ground, texture = noise(rng, w, h, 1.8), noise(rng, w, h, 1.0)
    down, across = np.gradient(ground * w / 8)
    light = np.clip((1 + across - down) / np.sqrt(1 + across ** 2 + down ** 2) / 1.6, 0, 1)
    colours = np.array([[30, 60, 40], [80, 120, 60], [170, 150, 100], [120, 100, 85], [235, 235, 240]])
    image = np.stack([np.interp(ground, np.linspace(0, 1, 5), colours[:, c]) for c in range(3)], -1)
    image *= ((0.35 + 0.7 * light) * (0.8 + 0.4 * texture))[..., None]
    sky = np.clip((0.25 + 0.06 * noise(rng, w, 8, 1.5)[0] - np.linspace(0, 1, h)[:, None]) * h / 3, 0, 1)[..., None]
    image = image * (1 - sky) + (np.array([120, 165, 220]) + 110 * noise(rng, w, h, 1.5)[..., None]) * sky
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    draw, unit = ImageDraw.Draw(picture), w / 1536
    for _ in range(24):
        x, y, side = rng.uniform(0.03, 0.93) * w, rng.uniform(0.45, 0.92) * h, rng.uniform(15, 60) * unit
        draw.rectangle([x, y, x + side, y + 0.7 * side], fill=tuple(int(v) for v in rng.integers(60, 230, 3)))
        draw.polygon([(x - 0.1 * side, y), (x + 0.5 * side, y - 0.5 * side), (x + 1.1 * side, y)], fill=(115, 45, 35))
        draw.rectangle([x + 0.2 * side, y + 0.2 * side, x + 0.4 * side, y + 0.45 * side], fill=(250, 235, 170))
    for _ in range(130):
        x, y, turn, long = rng.uniform(0, w), rng.uniform(0.3, 1) * h, rng.uniform(0, 2 * np.pi), rng.uniform(10, 70) * unit
        draw.line([x, y, x + long * np.cos(turn), y + long * np.sin(turn)], fill=(35, 28, 20), width=max(1, round(1.5 * unit)))
    grain = rng.normal(0, 2.2, (h, w, 1)) + rng.normal(0, 1, (h, w, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain + 0.5, 0, 255).astype(np.uint8))


def sheet(w, h, title):
    picture = Image.new("RGB", (w, h), (252, 252, 250))
    draw = ImageDraw.Draw(picture)
    draw.text((0.05 * w, 0.1 * h), title, font=ImageFont.truetype(FONT % "Bold", round(0.05 * h)), fill=(25, 30, 60))
    return picture, draw, ImageFont.truetype(FONT % "Regular", round(0.02 * h))


def diagram(rng, w, h):
    picture, draw, small = sheet(w, h, "How the parts work together")
    for v in range(0, w, 32):
        draw.line([v, 0, v, h], fill=(236, 240, 244))
    for v in range(0, h, 32):
        draw.line([0, v, w, v], fill=(236, 240, 244))
    places = [[(0.05 * w + c * 0.19 * w, 0.21 * h + r * 0.14 * h) for r in range(5)] for c in range(5)]
    for c in range(4):
        for r in range(5):
            x, y = places[c][r]
            for to in rng.choice(5, 2, replace=False):
                draw.line([x + 0.13 * w, y + 0.05 * h, places[c + 1][to][0], places[c + 1][to][1] + 0.05 * h], fill=(70, 80, 110), width=2)
    for c in range(5):
        for r in range(5):
            x, y = places[c][r]
            draw.rounded_rectangle([x, y, x + 0.13 * w, y + 0.1 * h], 14, fill=tuple(int(v) for v in rng.integers(150, 245, 3)),
                                   outline=(30, 40, 70), width=3)
            for line in range(3):
                draw.text((x + 12, y + 6 + line * 0.03 * h), "p%d = %.4f" % (line, rng.random()), font=small, fill=(25, 25, 40))
    return picture


def chart(rng, w, h):
    picture, draw, small = sheet(w, h, "Two populations over time")
    left, top, right, foot = 0.07 * w, 0.2 * h, 0.95 * w, 0.85 * h
    for i in range(21):
        y = foot - (foot - top) * i / 20
        draw.line([left, y, right, y], fill=(222, 225, 232))
        draw.text((left - 0.03 * w, y - 0.012 * h), str(5 * i), font=small, fill=(80, 80, 90))
    for i in range(48):
        x = left + (right - left) * i / 48
        draw.rectangle([x + 4, foot - (foot - top) * (0.15 + 0.6 * i / 48 + 0.12 * rng.random()), x + 20, foot], fill=(180, 205, 235),
                       outline=(90, 120, 160))
    for colour, steep in (((25, 80, 200), 5.5), ((235, 120, 25), 11)):
        t = np.linspace(0, 1, 400)
        draw.line(list(zip(left + (right - left) * t, foot - (foot - top) * 0.92 / (1 + np.exp(-steep * (t - 0.4))))), fill=colour, width=5)
    return picture


def table(rng, w, h):
    picture, draw, small = sheet(w, h, "What was measured where")
    for r in range(24):
        y = 0.18 * h + r * 0.03 * h
        draw.rectangle([0.05 * w, y, 0.95 * w, y + 0.03 * h], fill=(238, 243, 250) if r % 2 else (255, 255, 255))
        for c in range(10):
            draw.text((0.055 * w + c * 0.09 * w, y), "%.3f" % (1000 * rng.random()) if c else "Row %02d" % r, font=small, fill=(30, 30, 40))
    return picture


KINDS = [photograph, diagram, photograph, chart, photograph, table]


def speech(rng, seconds):
    """Syllables of a humming voice: loud and quiet as speech is."""
    out = np.zeros(round(seconds * RATE))
    at = round(0.05 * RATE)
    while at < len(out) - RATE // 3:
        n = round(rng.uniform(0.09, 0.22) * RATE)
        t = np.arange(n) / RATE
        pitch = rng.uniform(100, 140)
        voice = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 12))
        out[at:at + n] += 0.15 * np.sin(np.pi * np.arange(n) / n) ** 0.7 * voice
        at += n + round(rng.choice([0.02, 0.03, 0.18]) * RATE)
    return out


def clock(seconds):
    return "%d:%02d:%05.2f" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def looks(z, at):
    return [round(at[0] * (1 - 1 / z), 6), round(at[1] * (1 - 1 / z), 6), round(1 / z, 6), round(1 / z, 6)]


def main():
    args = [float(v) for v in sys.argv[2:]]
    sections, seconds, width, height, mega = (args + [4, 8, 1920, 1080, -1][len(args):])[:5]
    where, n, width, height = sys.argv[1], int(sections), int(width), int(height)
    os.makedirs(where, exist_ok=True)
    film = {"width": width, "height": height, "fps": FPS, "fade": round(FADE_S * FPS), "sections": []}
    lesson = {"title": "Workload", "video": {"width": width, "height": height}, "timing": {"lead": REST_S / 2, "gap": 0, "tail": REST_S / 2},
              "transition": {"type": "fade", "duration": FADE_S}, "captions": {"style": "plain", "font": "Noto Sans"}, "sections": []}
    events = []
    for i in range(n):
        rng, kind, at = np.random.default_rng(100 + i % N_PICTURES), KINDS[i % 6], MOVES[i % 6]
        is_large = kind is photograph and mega != 0 and (mega == 12 or i % 6 == 2)
        kind = photograph if mega == 12 else kind
        picture = "%02d.%s" % (i % N_PICTURES, "jpg" if is_large or mega == 12 else "png")
        z0, z1 = (z + (z > 1) * 0.0005 * (i // 6) for z in at[1:])
        if i < N_PICTURES:
            made = kind(rng, *((4000, 3000) if is_large or mega == 12 else (1536, 1024)))
            made.save(where + "/" + picture, quality=92, subsampling=0) if picture.endswith("jpg") else made.save(where + "/" + picture, compress_level=3)
            with wave.open("%s/%02d.wav" % (where, i), "wb") as out:
                out.setparams((1, 2, RATE, 0, "NONE", ""))
                out.writeframes((32000 * np.clip(speech(rng, seconds - REST_S), -1, 1)).astype("<i2").tobytes())
        says, sound = SAYS[i % len(SAYS)], "%02d.wav" % (i % N_PICTURES)
        frames = round(seconds * FPS)
        film["sections"].append({"image": picture, "audio": sound, "first": i * frames, "frames": frames,
                                 "seen": frames + (film["fade"] if i < n - 1 else 0), "at": at[0], "z0": z0, "z1": z1})
        lesson["sections"].append({"narration": says, "image": picture, "audio": sound, "effects": [
            {"type": "ken-burns", "from": looks(z0, at[0]), "to": looks(z1, at[0]), "ease": "linear"}]})
        words = says.split()
        for k in range(2):
            part = words[len(words) * k // 2:len(words) * (k + 1) // 2]
            start = i * seconds + REST_S / 2 + k * (seconds - REST_S) / 2
            events.append("Dialogue: 0,%s,%s,D,,0,0,0,,%s" % (clock(start), clock(start + (seconds - REST_S) / 2), " ".join(part)))
    with open(where + "/captions.ass", "w", encoding="utf-8") as out:
        out.write("[Script Info]\nScriptType: v4.00+\nPlayResX: 1920\nPlayResY: 1080\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
                  "OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV\n"
                  "Style: D,Noto Sans,54,&H00FFFFFF,&H00000000,&H80000000,-1,1,3,1,2,60,60,54\n\n[Events]\n"
                  "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" + "\n".join(events) + "\n")
    for name, what in (("film", film), ("lesson", lesson)):
        with open("%s/%s.json" % (where, name), "w", encoding="utf-8") as out:
            json.dump(what, out, indent=1)


main()
