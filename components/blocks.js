// Draws HTML made and escaped by the server, changes only what differs, and says what was clicked.
// Nodes are kept from one drawing to the next: scroll, focus and open parts stay where they are.

function sameKind(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false
  return one.nodeType !== 1 || one.getAttribute("data-key") === other.getAttribute("data-key")
}

function alignAttributes(kept, wanted) {
  for (const { name, value } of wanted.attributes) {
    if (kept.getAttribute(name) !== value) kept.setAttribute(name, value)
  }
  for (const { name } of [...kept.attributes]) {
    const isReadersOwn = name === "open" || name === "tabindex"
    if (!isReadersOwn && !wanted.hasAttribute(name)) kept.removeAttribute(name)
  }
}

function align(kept, wanted, later) {
  if (kept.nodeType === 3) {
    if (kept.nodeValue !== wanted.nodeValue) kept.nodeValue = wanted.nodeValue
    return
  }
  if (kept.nodeType !== 1) return
  alignAttributes(kept, wanted)
  alignChildren(kept, wanted, later)
}

// A body longer than a screen is aligned in two strokes: what is in sight, then, once that is
// painted, the rest. Rows are taken in their order, so a later drawing finds them where they are.
const ROWS_IN_SIGHT = 40

function alignChildren(kept, wanted, later) {
  const isLong = wanted.nodeName === "TBODY" && wanted.children.length > ROWS_IN_SIGHT
  if (!isLong) return alignRun(kept, kept.firstChild, null, wanted.firstChild, later)
  const rest = document.createDocumentFragment()
  rest.append(...[...wanted.children].slice(ROWS_IN_SIGHT))
  alignRun(kept, kept.firstChild, kept.children[ROWS_IN_SIGHT] ?? null, wanted.firstChild, later)
  later.push(() => alignRun(kept, kept.children[ROWS_IN_SIGHT] ?? null, null, rest.firstChild, []))
}

// Aligns the children of ``kept`` from ``before`` until ``end`` with ``next`` and its followers.
function alignRun(kept, before, end, next, later) {
  while (next) {
    const following = next.nextSibling
    if (before !== end && before && sameKind(before, next)) {
      align(before, next, later)
      before = before.nextSibling
    } else {
      kept.insertBefore(next, before)
    }
    next = following
  }
  while (before && before !== end) {
    const following = before.nextSibling
    before.remove()
    before = following
  }
}

function finish(root) {
  const strokes = root.__later ?? []
  root.__later = []
  for (const stroke of strokes) stroke()
  if (strokes.length) window.vigie?.prepareGrids(root)
}

const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 50))

function finishSoon(root) {
  whenIdle(() => finish(root), { timeout: 500 })
}

window.addEventListener("beforeprint", () => {
  for (const root of document.querySelectorAll('[id^="vigie-"]')) finish(root)
})

let lastFile = null

function download(file) {
  if (!file || lastFile === file.token) return
  lastFile = file.token
  for (const busy of document.querySelectorAll(".vigie [aria-busy]")) busy.removeAttribute("aria-busy")
  const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes], { type: file.mime }))
  const link = document.createElement("a")
  link.href = address
  link.download = file.name
  document.body.appendChild(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 10000)
}

let lastRun = null

// Once a run: the browser may draw the same run again after the reader has moved on.
function writeAddress(parameters, run) {
  if (!parameters || lastRun === run) return
  lastRun = run
  const address = new URL(window.location.href)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) address.searchParams.delete(name)
    else address.searchParams.set(name, value)
  }
  window.history.replaceState(window.history.state, "", address)
}

// A list or a box that the reader has touched no longer follows its marked state by itself.
function followOptions(root) {
  for (const list of root.querySelectorAll("select")) {
    const marked = list.querySelector("option[selected]")
    if (marked && list.value !== marked.value) list.value = marked.value
  }
  for (const box of root.querySelectorAll("[data-many] input")) box.checked = box.defaultChecked
  // Words being typed are left to whoever types them; words already asked for follow the address.
  for (const field of root.querySelectorAll("input[data-name]")) {
    const isBeingTyped = field === document.activeElement && field.value !== field.__asked
    if (!isBeingTyped) field.value = field.defaultValue
    field.__asked = field.defaultValue
  }
}

// The chosen cell is brought into sight inside its box: the box alone moves, and only sideways.
// A story narrows the page: a box of another width has another part of itself in sight.
function showChosen(root) {
  for (const box of root.querySelectorAll(".v-boardbox")) {
    const cell = box.querySelector("td[aria-selected]")
    const name = cell && `${cell.parentElement.dataset.t} ${cell.cellIndex} ${box.clientWidth}`
    if (!cell || box.__shown === name) continue
    box.__shown = name
    if (box.scrollWidth <= box.clientWidth) continue
    const [outer, inner] = [box.getBoundingClientRect(), cell.getBoundingClientRect()]
    const head = cell.parentElement.cells[0]
    const isHeld = getComputedStyle(head).position === "sticky"
    const left = outer.left + (isHeld ? head.getBoundingClientRect().width : 0)
    if (inner.right > outer.right) box.scrollLeft += inner.right - outer.right + inner.width / 2
    else if (inner.left < left) box.scrollLeft -= left - inner.left
  }
}

// No html: the block is as the server painted it a moment ago.
function bringUpToDate(root, html) {
  if (html !== null && root.__html !== html) {
    const wanted = document.createElement("template")
    wanted.innerHTML = html
    root.__later = [] // What was left to draw of a former drawing is drawn over by this one.
    const isHeld = root.contains(document.activeElement)
    alignChildren(root, wanted.content, root.__later)
    // Whoever chose by the keyboard goes on in what the choice has opened.
    if (isHeld && document.activeElement === document.body) {
      root.querySelector("[data-focus]")?.focus({ preventScroll: true })
    }
    root.__html = html
    followOptions(root)
    finishSoon(root)
  }
  window.vigie?.prepareGrids(root)
  requestAnimationFrame(() => showChosen(root))
  const target = root.querySelector("[data-scroll]")
  if (target && root.__scrolled !== target.id) {
    root.__scrolled = target.id
    target.scrollIntoView({ block: "start" })
  }
}

// A page painted anew takes the focus away with the list that it was in: its successor gets it.
function keepFocus() {
  const name = window.vigie?.chosenIn
  if (!name || document.activeElement !== document.body) return
  window.vigie.chosenIn = null
  const field = document.querySelector(`.vigie [data-name="${name}"]`)
  const folded = field?.closest("details:not([open])")
  const stop = folded?.querySelector("summary") ?? field
  stop?.focus({ preventScroll: true })
}

export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = "fr"
  window.vigie?.speakFrench()
  for (const [key, html] of Object.entries(data?.blocks ?? {})) {
    const root = document.getElementById(`vigie-${key}`)
    if (!root) continue
    bringUpToDate(root, html)
  }
  if (!data?.part) keepFocus()
  const tell = (said) => setTriggerValue("event", said)
  // What was clicked before this component came has waited for it, or for a part still to come.
  const kept = window.vigieKept
  const isForThis = kept && (kept.part ?? null) === (data?.part ?? null)
  if (isForThis) window.vigieKept = null
  download(data?.file)
  if (data?.part) {
    requestAnimationFrame(() => showChosen(document))
    const parts = (window.vigieParts ??= {})
    parts[data.part] = tell
    if (isForThis) tell(kept)
    return () => {
      if (parts[data.part] === tell) delete parts[data.part]
    }
  }
  window.vigieTell = tell
  if (isForThis) tell(kept)
  writeAddress(data?.address, data?.run)
}
