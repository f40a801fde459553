#!/usr/bin/python3
"""How others make the film of workload.py: peers.py NAME DIR OUT [PRESET [CRF]] prints a shell command

script       one graph of ffmpeg as tutorials have it: zoompan for the camera, xfade, subtitles
script-4x    the same with pictures enlarged fourfold first, against zoompan's whole-pixel steps; script-8x eightfold
script-ssim  the script's own frames against films that it made: OUT is a list of them, "a.mp4,b.mp4"
clips        a run of ffmpeg for each section, then the concat demuxer
melt         MLT: affine with keyframes, luma, avfilter.subtitles
editly       npm's editly (EDITLY: the directory in which it was installed)
remotion     npm's Remotion with Chromium (REMOTION: the directory in which remotion, @remotion/cli, react and react-dom were installed);
             what its own development server does once, the bundle, is made here and not measured
"""
import json
import os
import shlex
import shutil
import subprocess
import sys

name, where, out = sys.argv[1:4]
preset, crf = (sys.argv[4:] + ["medium", "20"][len(sys.argv) - 4:])[:2]
with open(where + "/film.json") as f:
    film = json.load(f)
W, H, FPS, FADE, PARTS = film["width"], film["height"], film["fps"], film["fade"], film["sections"]
ENCODE = ["-c:v", "libx264", "-preset", preset, "-crf", crf, "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-movflags", "+faststart"]
FFMPEG = ["ffmpeg", "-y", "-v", "error", "-nostdin"]


def camera(part, scale):
    """A picture as the frames of its section; zoompan says `on` for the frame and `zoom` for what z is."""
    w, h, n = W * scale, H * scale, part["seen"]
    z = "%g+%g*on/%d" % (part["z0"], part["z1"] - part["z0"], n)
    return ("scale=%d:%d:force_original_aspect_ratio=increase,crop=%d:%d,setsar=1,format=yuv420p,zoompan=z='%s':x='%g*(iw-iw/zoom)':"
            "y='%g*(ih-ih/zoom)':d=%d:s=%dx%d:fps=%d" % (w, h, w, h, z, part["at"][0], part["at"][1], n, W, H, FPS))


def graph(scale):
    """Inputs, and a filter graph that ends in [v]."""
    inputs = [word for part in PARTS for word in ("-i", where + "/" + part["image"])]
    steps = ["[%d:v]%s[p%d]" % (i, camera(part, scale), i) for i, part in enumerate(PARTS)]
    last = "p0"
    for i in range(1, len(PARTS)):
        steps.append("[%s][p%d]xfade=transition=fade:duration=%g:offset=%g[x%d]" % (last, i, FADE / FPS, PARTS[i]["first"] / FPS, i))
        last = "x%d" % i
    return inputs, ";".join(steps + ["[%s]subtitles=%s/captions.ass[v]" % (last, where)])


def sound(first):
    """All narrations, each at its section's begin."""
    steps = ["[%d:a]adelay=267:all=1,apad=whole_dur=%g[a%d]" % (first + i, part["frames"] / FPS, i) for i, part in enumerate(PARTS)]
    return ";".join(steps) + ";" + "".join("[a%d]" % i for i in range(len(PARTS))) + "concat=n=%d:v=0:a=1[a]" % len(PARTS)


def script(scale):
    inputs, video = graph(scale)
    inputs += [word for part in PARTS for word in ("-i", where + "/" + part["audio"])]
    return FFMPEG + inputs + ["-filter_complex", video + ";" + sound(len(PARTS)), "-map", "[v]", "-map", "[a]"] + ENCODE + [out]


def script_ssim():
    inputs, video = graph(1)
    films = out.split(",")
    inputs += [word for one in films for word in ("-i", one)]
    video += ";[v]split=%d%s" % (len(films), "".join("[v%d]" % i for i in range(len(films))))
    for i in range(len(films)):
        video += ";[v%d][%d:v]ssim=stats_file=%s.ssim[s%d]" % (i, len(PARTS) + i, films[i], i)
    sinks = [word for i in range(len(films)) for word in ("-map", "[s%d]" % i, "-f", "null", "-")]
    return FFMPEG + inputs + ["-filter_complex", video] + sinks


def clips():
    lines = ["cd " + shlex.quote(os.path.dirname(os.path.abspath(out))), ": >list"]
    for i, part in enumerate(PARTS):
        steps = camera(dict(part, seen=part["frames"]), 1) + ",fade=t=in:d=%g,fade=t=out:st=%g:d=%g" % (FADE / FPS / 2, (part["frames"] - FADE / 2) / FPS, FADE / FPS / 2)
        lines.append(shlex.join(FFMPEG + ["-i", where + "/" + part["image"], "-i", where + "/" + part["audio"], "-filter_complex", "[0:v]%s[v]" % steps,
                                          "-map", "[v]", "-map", "1:a"] + ENCODE + ["part%d.mp4" % i]))
        lines.append("echo file part%d.mp4 >>list" % i)
    lines.append(shlex.join(FFMPEG + ["-f", "concat", "-i", "list", "-c", "copy", "-movflags", "+faststart", os.path.abspath(out)]))
    return ["sh", "-ec", "\n".join(lines)]


def cues():
    """What captions.ass says: (from, to, text), in seconds."""
    def seconds(clock):
        h, m, s = clock.split(":")
        return int(h) * 3600 + int(m) * 60 + float(s)

    with open(where + "/captions.ass", encoding="utf-8") as f:
        parts = [line.rstrip("\n").split(",", 9) for line in f if line.startswith("Dialogue:")]
    return [(seconds(p[1]), seconds(p[2]), p[9]) for p in parts]


def melt():
    from PIL import Image
    words = ["melt", "-silent", "-profile", "atsc_1080p_30"]
    for i, part in enumerate(PARTS):
        w, h = Image.open(where + "/" + part["image"]).size
        tall = W * h / w                        # pictures are higher than the frame: the rectangle is that of all of it

        def rect(z):
            return "%.3f %.3f %.3f %.3f 1" % ((1 - z) * part["at"][0] * W, (1 - z) * part["at"][1] * H - z * (tall - H) / 2, W * z, tall * z)

        words += [where + "/" + part["image"], "out=%d" % (part["seen"] - 1), "-attach", "affine", "background=colour:0",
                  "transition.rect=0=%s;%d=%s" % (rect(part["z0"]), part["seen"] - 1, rect(part["z1"])), "transition.fill=1", "transition.distort=0"]
        words += ["-mix", str(FADE), "-mixer", "luma"] if i else []
    words += ["-filter", "avfilter.subtitles", "av.filename=%s/captions.ass" % where, "-audio-track"]
    for part in PARTS:
        words += [where + "/" + part["audio"], "out=%d" % (part["frames"] - 1)]
    return words + ["-transition", "mix", "a_track=0", "b_track=1", "always_active=1", "sum=1", "-consumer", "avformat:" + out, "vcodec=libx264",
                    "preset=" + preset, "crf=" + crf, "pix_fmt=yuv420p", "acodec=aac", "ab=192k", "ar=48000", "movflags=+faststart", "real_time=-2"]


def editly():
    parts = []
    for part in PARTS:
        begin = part["first"] / FPS
        says = [{"type": "subtitle", "text": text, "start": start - begin, "stop": end - begin} for start, end, text in cues()
                if begin <= start < begin + part["frames"] / FPS]
        layers = [{"type": "image", "path": os.path.abspath(where + "/" + part["image"]), "resizeMode": "cover", "zoomAmount": 0.15,
                   "zoomDirection": "in" if part["z1"] > part["z0"] else "out"}, {"type": "audio", "path": os.path.abspath(where + "/" + part["audio"])}]
        layers[1:1] = says
        parts.append({"duration": part["seen"] / FPS, "layers": layers, "transition": {"name": "fade", "duration": FADE / FPS}})
    parts[-1]["transition"] = None
    with open(out + ".json5", "w") as f:
        json.dump({"outPath": os.path.abspath(out), "width": W, "height": H, "fps": FPS, "keepSourceAudio": True, "clips": parts,
                   "customOutputArgs": ENCODE}, f)
    return ["xvfb-run", "-a", "node", os.environ["EDITLY"] + "/node_modules/editly/cli.js", "--json", out + ".json5"]


def remotion():
    app = os.path.abspath(os.environ["REMOTION"])
    for folder in ("public", "src", "bundle"):
        shutil.rmtree(app + "/" + folder, ignore_errors=True)
    shutil.copytree(where, app + "/public")
    os.mkdir(app + "/src")
    shutil.copy(os.path.dirname(os.path.abspath(__file__)) + "/remotion.jsx", app + "/src/index.jsx")
    with open(app + "/public/film.json", "w") as f:
        json.dump(dict(film, cues=[{"from": start, "to": end, "text": text} for start, end, text in cues()]), f)
    cli = ["node", app + "/node_modules/@remotion/cli/remotion-cli.js"]
    subprocess.run(cli + ["bundle", "src/index.jsx", "--out-dir=" + app + "/bundle", "--log=error"], cwd=app, check=True, stdout=sys.stderr)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    render = cli + ["render", app + "/bundle", "Film", os.path.abspath(out), "--browser-executable=" + str(chromium), "--chrome-mode=chrome-for-testing",
                    "--gl=swangle", "--codec=h264", "--crf=" + crf, "--x264-preset=" + preset, "--concurrency=%d" % os.cpu_count(), "--log=error",
                    "--timeout=240000"]
    return ["sh", "-ec", "cd %s\n%s" % (shlex.quote(app), shlex.join(render))]


MAKE = {"script": lambda: script(1), "script-4x": lambda: script(4), "script-8x": lambda: script(8), "script-ssim": script_ssim,
        "clips": clips, "melt": melt, "editly": editly, "remotion": remotion}
print(shlex.join(MAKE[name]()))
