// the page has its parts
return document.querySelectorAll("main section").length >= 6 && document.querySelectorAll("header, nav, main, footer").length === 4;
// every section is named by its heading
return [...document.querySelectorAll("main > section")].every((s) => document.getElementById(s.getAttribute("aria-labelledby")).tagName === "H2");
// every table has headings with a scope
return [...document.querySelectorAll("table")].every((t) => t.querySelector("thead th[scope=col]") && [...t.querySelectorAll("tbody tr")].every((r) => r.querySelector("th[scope=row]")));
// pictures say what they show, buttons what they do
return [...document.images].every((i) => i.alt) && [...document.querySelectorAll("button")].every((b) => b.textContent.trim() || b.getAttribute("aria-label") || b.querySelector("img[alt]"));
// ids stand once
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
return new Set(ids).size === ids.length;
// what lessons say is text
return document.querySelector("h1 img, .title img, h4 script") === null && document.querySelector(".title").textContent.includes("<img src=x");
// no script of theirs has run
return document.scripts.length === 2;
// a request and a step each have a bar
return document.querySelectorAll("#chart-requests rect.span").length > 5 && document.querySelectorAll("#chart-renders rect.span").length > 5;
// a refused request stands out, and a failed one
return document.querySelector("#chart-requests .k-again") !== null && document.querySelector("#chart-requests .k-failed") !== null;
// no bar is above the cap
const y = parseFloat(document.querySelector("#chart-requests .cap").getAttribute("y1"));
return [...document.querySelectorAll("#chart-requests rect.span")].every((r) => parseFloat(r.getAttribute("y")) + parseFloat(r.getAttribute("height")) <= y + 1);
// and no step is above the threads
const top = parseFloat(document.querySelector("#chart-renders .cap").getAttribute("y1"));
return [...document.querySelectorAll("#chart-renders rect.span")].every((r) => parseFloat(r.getAttribute("y")) + parseFloat(r.getAttribute("height")) <= top + 1);
// a click on a bar tells what it is
document.querySelector("#chart-requests .k-again").dispatchEvent(new MouseEvent("click", { bubbles: true }));
const said = document.querySelector("#chart-requests .detail").textContent;
return /section 2: image by openai-image, .* refused, tried again/.test(said) || said;
// zooming in widens the bars, in both charts
const wide = () => new Map([...document.querySelectorAll("#chart-renders rect.span")].map((r) => [r.dataset.span, parseFloat(r.getAttribute("width"))]));
const before = wide();
document.querySelector("#chart-requests button[aria-label='Zoom in']").click();
await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
return [...wide()].some(([i, w]) => before.has(i) && w > before.get(i) * 1.5);
// and all shows the whole run again
const range = document.querySelector("#chart-requests .meta").textContent;
document.querySelector("#chart-renders .tools button:nth-of-type(5)").click();
await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
return document.querySelector("#chart-requests .meta").textContent !== range;
// a table is sorted by a click on its heading
const table = document.getElementById("lesson-table"), th = table.tHead.rows[0].cells[3];
th.firstElementChild.click();
const lengths = [...table.tBodies[0].rows].map((r) => parseFloat(r.cells[3].dataset.value || "0"));
return th.getAttribute("aria-sort") === "ascending" && lengths.every((v, i) => i === 0 || v >= lengths[i - 1]);
// and the other way by a second
const again = document.getElementById("lesson-table"), first = again.tHead.rows[0].cells[0];
first.firstElementChild.click();
first.firstElementChild.click();
return first.getAttribute("aria-sort") === "descending" && again.tBodies[0].rows[0].cells[0].textContent === "two";
// lessons are filtered by words
const input = document.getElementById("filter");
input.value = "etch";
input.dispatchEvent(new Event("input"));
const left = [...document.querySelectorAll("#lesson-table tbody tr")].filter((r) => !r.hidden).length;
input.value = "";
input.dispatchEvent(new Event("input"));
return left === 1;
// and by failure
const box = document.getElementById("only-bad");
box.click();
const failed = [...document.querySelectorAll("details.lesson")].filter((l) => !l.hidden).map((l) => l.dataset.words.split(" ")[0]).join();
box.click();
return failed === "broken" || failed;
// all storyboards open
document.getElementById("open-all").click();
return [...document.querySelectorAll("details.lesson")].every((l) => l.open);
// every picture of a storyboard is one
await Promise.all([...document.images].map((i) => { i.loading = "eager"; return i.decode(); }));
return document.images.length === 5 && [...document.images].every((i) => i.naturalWidth > 60);
// a click on a picture goes to its place in the video
const lesson = document.querySelector("details.lesson"), video = lesson.querySelector("video");
const thumbs = lesson.querySelectorAll(".thumb"), at = parseFloat(thumbs[1].dataset.at);
const sought = new Promise((r, no) => { video.addEventListener("seeked", r, { once: true }); video.addEventListener("error", () => no(video.error.message), { once: true }); });
video.muted = true;
thumbs[1].click();
if (video.canPlayType("video/mp4; codecs=avc1.640028") === "") return true;
await sought;
return at > 0 && Math.abs(video.currentTime - at) < 1;
// shot light.png
// scheme dark
// dark has a dark ground and light letters
const light = (s) => s.match(/\d+/g).slice(0, 3).reduce((a, v) => a + parseInt(v, 10), 0);
const style = getComputedStyle(document.body);
return light(style.backgroundColor) < 150 && light(style.color) > 600;
// shot dark.png
// size 360 740
// a phone has no page wider than its screen
return document.documentElement.scrollWidth <= 360 || [...document.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > 361).slice(0, 5).map((e) => e.tagName + "." + e.className);
// shot phone.png
