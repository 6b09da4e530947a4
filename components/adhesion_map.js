// The months of a map: the slider, the play button, and the frames that they ask for one by one.
// A frame is asked for once the one before is here; the month stopped at becomes the page's.

const LEAST_MS = 120
const NARROW = 560

const bar = () => document.getElementById("carte-mois")

function show(at) {
  const state = window.vigieMap
  const slider = bar()
  if (!slider) return
  if (Number(slider.value) !== at) slider.value = at
  slider.setAttribute("aria-valuetext", state.months[at])
  const said = document.getElementById("carte-mois-dit")
  if (said && said.value !== state.months[at]) said.value = state.months[at]
}

function pressed(isPlaying) {
  const button = document.getElementById("carte-lecture")
  if (!button) return
  button.setAttribute("aria-pressed", String(isPlaying))
  button.textContent = isPlaying ? "❚❚ Arrêter" : "▶ Lire les mois"
}

function choose(at) {
  const state = window.vigieMap
  state.isPlaying = false
  pressed(false)
  window.vigieTell?.({ act: "choose", name: "mois", value: state.codes[at] })
}

function ask(at) {
  const state = window.vigieMap
  state.asked = at
  state.askedAt = performance.now()
  state.tell({ frame: at, stamp: state.askedAt })
}

// Here: the next one is asked for while this one is drawn, not before its time; or the last month
// has been reached. Frames can't pile up: this is called once the drawing lets the script go on.
function goOn(at) {
  const state = window.vigieMap
  if (!state.isPlaying || at !== state.asked) return
  const isLast = at >= state.codes.length - 1
  requestAnimationFrame(() => {
    state.drawn.push(performance.now())
    if (isLast && state.isPlaying) choose(at)
  })
  if (isLast) return
  const wait = Math.max(0, LEAST_MS - (performance.now() - state.askedAt))
  setTimeout(() => state.isPlaying && ask(at + 1), wait)
}

function play() {
  const state = window.vigieMap
  if (state.isPlaying) return choose(state.asked)
  if (!state.isFixed) {
    // Colours of months compare in the classes of the whole period: the page takes them first.
    state.wantsToPlay = true
    window.vigieTell?.({ act: "choose", name: "bornes", value: "periode" })
    return
  }
  start()
}

function start() {
  const state = window.vigieMap
  state.wantsToPlay = false
  state.isPlaying = true
  state.drawn = []
  pressed(true)
  const at = Number(bar().value)
  ask(at >= state.codes.length - 1 ? 0 : at + 1)
}

function listen() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#carte-lecture")) play()
  })
  document.addEventListener("input", (event) => {
    if (event.target.id === "carte-mois") show(Number(event.target.value))
  })
  document.addEventListener("change", (event) => {
    if (event.target.id === "carte-mois") choose(Number(event.target.value))
  })
}

// What is said of a territory pointed at: deck.gl writes its code, the words are put in here.
function speak() {
  for (const tip of document.querySelectorAll(".deck-tooltip .v-tip:empty")) {
    tip.textContent = window.vigieMap.tips[tip.dataset.tips]?.[tip.dataset.c] ?? ""
  }
}

// The table under the map is the page's, the choice on the map the fragment's: its row is marked here.
function mark(chosen) {
  for (const row of document.querySelectorAll(".v-adhesions tbody tr")) {
    const isChosen = row.dataset.key === chosen
    row.classList.toggle("on", isChosen)
    row.querySelector("th button")?.setAttribute("aria-pressed", String(isChosen))
  }
}

// Two maps look at the same place: what moves one moves the other, without the server. Streamlit
// hands no view out; React's record of a drawing holds both deck.gl and what sets its view.
const MOVES = ["pointerdown", "pointermove", "pointerup", "dblclick", "keydown", "wheel", "touchmove"]
const FOLLOWED_MS = 700

function drawingOf(place) {
  const wrapper = document.querySelector(`${place} #deckgl-wrapper`)
  const name = wrapper && Object.keys(wrapper).find((key) => key.startsWith("__reactFiber$"))
  let deck = null
  for (let fiber = wrapper?.[name]; fiber; fiber = fiber.return) {
    for (let hook = fiber.memoizedState; !deck && hook; hook = hook.next) {
      deck = hook.memoizedState?.current?.deck ?? null
    }
    const { viewState, onViewStateChange } = fiber.memoizedProps ?? {}
    if (deck && viewState && onViewStateChange) return { deck, viewState, onViewStateChange }
  }
  return null
}

function viewOf(drawing) {
  const view = drawing?.deck.getViewports()[0]
  if (!view) return null
  const { longitude, latitude, zoom, pitch, bearing } = view
  return { longitude, latitude, zoom, pitch, bearing }
}

const isSame = (one, other) => Object.keys(one).every((key) => Math.abs(one[key] - other[key]) < 1e-6)

function follow() {
  const state = window.vigieMap
  const [from, to] = [state.mover, state.maps.find((place) => place !== state.mover)].map(drawingOf)
  const [view, other] = [viewOf(from), viewOf(to)]
  if (view && other && !isSame(view, other)) {
    to.onViewStateChange({ viewState: { ...to.viewState, ...view } })
    // A map that comes closer goes on by itself after the key or the click.
    state.movedAt = performance.now()
  }
  state.isFollowing = performance.now() < state.movedAt + FOLLOWED_MS
  if (state.isFollowing) requestAnimationFrame(follow)
}

function link() {
  for (const name of MOVES) {
    document.addEventListener(name, (event) => {
      const state = window.vigieMap
      if (state.maps.length < 2 || (name === "pointermove" && !event.buttons)) return
      const mover = state.maps.find((place) => event.target.closest?.(place))
      if (!mover) return
      Object.assign(state, { mover, movedAt: performance.now() })
      if (!state.isFollowing) {
        state.isFollowing = true
        requestAnimationFrame(follow)
      }
    }, { capture: true, passive: true })
  }
}

export default function ({ data, setTriggerValue }) {
  if (!data) return
  if (!window.vigieMap) {
    window.vigieMap = { isPlaying: false, drawn: [], maps: [] }
    listen()
    link()
    const block = document.querySelector(".st-key-carte_adhesions") ?? document.body
    new MutationObserver(speak).observe(block.parentElement ?? block, { childList: true, subtree: true })
  }
  const state = window.vigieMap
  if (data.months) Object.assign(state, { months: data.months, codes: data.codes })
  state.isFixed = data.fixed
  state.tips = data.tips ?? {}
  state.maps = data.maps
  state.tell = (said) => setTriggerValue("asked", said)
  if (!data.playing) {
    state.isPlaying = false
    pressed(false)
  }
  show(data.at)
  mark(data.chosen)
  if (state.wantsToPlay && state.isFixed) start()
  if (state.isPlaying) goOn(data.at)
  const main = document.querySelector("[data-testid=stMainBlockContainer]")
  const isNarrow = (main?.clientWidth ?? NARROW) < NARROW
  if (isNarrow !== data.narrow) state.tell({ narrow: isNarrow, stamp: performance.now() })
}
