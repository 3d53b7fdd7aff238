// Time: before the plan, then quarter by quarter; the slider answers to the arrow keys, the button plays it.
const slider = byId("step"), playButton = byId("play");
const STEPS_MS = 1300;
let playing = null;
function setStep(step) {
  state.step = step;
  slider.value = String(step);
  slider.setAttribute("aria-valuetext", whenText());
  document.querySelectorAll("#ticks span").forEach((tick, at) => tick.classList.toggle("now", at === step));
  refresh();
}
function stopPlaying() {
  clearInterval(playing);
  playing = null;
  showPlaying();
}
function showPlaying() {
  playButton.setAttribute("aria-label", playing ? words.pause : words.play);
  playButton.title = playing ? words.pause : words.play;
  playButton.innerHTML = `<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path fill="currentColor" d="${playing ? "M2 1h3.6v12H2zM8.4 1H12v12H8.4z" : "M2.5 1l10 6l-10 6z"}"/></svg>`;
}
function play() {
  if (playing) { stopPlaying(); return; }
  if (state.step === LAST) setStep(0);
  playing = setInterval(() => { if (state.step >= LAST) stopPlaying(); else setStep(state.step + 1); }, STEPS_MS);
  showPlaying();
}
if (LAST) {
  slider.max = String(LAST);
  slider.value = String(LAST);
  byId("only-text").textContent = words.only;
  byId("ticks").append(...[words.before, ...data.quarters].map((text, at) => node("span", { class: at === LAST ? "now" : false }, text)));
  slider.addEventListener("input", () => { stopPlaying(); setStep(Number(slider.value)); });
  playButton.addEventListener("click", play);
  byId("only").addEventListener("change", () => { state.only = byId("only").checked; setStep(state.step); });
  slider.setAttribute("aria-valuetext", whenText());
  showPlaying();
} else {
  byId("turn").remove();
  byId("ticks").remove();
}
