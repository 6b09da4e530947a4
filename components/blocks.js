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

function align(kept, wanted) {
  if (kept.nodeType === 3) {
    if (kept.nodeValue !== wanted.nodeValue) kept.nodeValue = wanted.nodeValue
    return
  }
  if (kept.nodeType !== 1) return
  alignAttributes(kept, wanted)
  alignChildren(kept, wanted)
}

function alignChildren(kept, wanted) {
  let before = kept.firstChild
  let next = wanted.firstChild
  while (next) {
    const following = next.nextSibling
    if (before && sameKind(before, next)) {
      align(before, next)
      before = before.nextSibling
    } else {
      kept.insertBefore(next, before)
    }
    next = following
  }
  while (before) {
    const following = before.nextSibling
    before.remove()
    before = following
  }
}

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

function writeAddress(parameters) {
  if (!parameters) return
  const address = new URL(window.location.href)
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
  window.history.replaceState(window.history.state, "", address)
}

// No html: the block is as the server painted it a moment ago.
function bringUpToDate(root, html) {
  if (html !== null && root.__html !== html) {
    const wanted = document.createElement("template")
    wanted.innerHTML = html
    alignChildren(root, wanted.content)
    root.__html = html
  }
  window.vigie?.prepareGrids(root)
  const target = root.querySelector("[data-scroll]")
  if (target && root.__scrolled !== target.id) {
    root.__scrolled = target.id
    target.scrollIntoView({ block: "start" })
  }
}

export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = "fr"
  for (const [key, html] of Object.entries(data?.blocks ?? {})) {
    const root = document.getElementById(`vigie-${key}`)
    if (!root) continue
    bringUpToDate(root, html)
  }
  window.vigieTell = (said) => setTriggerValue("event", said)
  const kept = window.vigieKept
  window.vigieKept = null
  if (kept) window.vigieTell(kept)
  download(data?.file)
  writeAddress(data?.address)
}
