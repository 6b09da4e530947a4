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

function download(root, file) {
  if (!file || root.__lastFile === file.token) return
  root.__lastFile = file.token
  for (const busy of root.querySelectorAll('[aria-busy="true"]')) busy.removeAttribute("aria-busy")
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

// A board is one stop of the Tab key; arrows move inside it.
function prepareGrids(root) {
  for (const grid of root.querySelectorAll("table[data-grid]")) {
    const buttons = grid.querySelectorAll("button")
    const current = grid.querySelector("td button[aria-pressed]") || grid.querySelector("td button")
    for (const button of buttons) {
      if (button.closest("td")) {
        const stop = button === current ? 0 : -1
        if (button.tabIndex !== stop) button.tabIndex = stop
      }
    }
  }
}

function moveInGrid(event) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
  const cell = step && event.target.closest("table[data-grid] tbody :is(td, th)")
  if (!cell) return
  const row = cell.parentElement
  const rows = [...row.parentElement.rows]
  const target = rows[rows.indexOf(row) + step[0]]
  const button = target?.cells[cell.cellIndex + step[1]]?.querySelector("button")
  if (!button) return
  event.preventDefault()
  button.focus()
}

function listen(root) {
  root.addEventListener("click", (event) => {
    const source = event.target.closest("[data-act]")
    if (!source || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const said = { ...source.dataset }
    if (!said.t) said.t = source.closest("[data-t]")?.dataset.t
    if (said.act === "export") source.setAttribute("aria-busy", "true")
    root.__say("event", said)
  })
  root.addEventListener("keydown", moveInGrid)
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  let root = parentElement.querySelector(":scope > .vigie")
  if (!root) {
    root = document.createElement("div")
    root.className = "vigie"
    root.lang = "fr"
    parentElement.appendChild(root)
    document.documentElement.lang = "fr"
    listen(root)
  }
  root.__say = setTriggerValue
  const html = data?.html ?? ""
  if (root.__html !== html) {
    if (root.__html === undefined) {
      root.innerHTML = html
    } else {
      const wanted = document.createElement("template")
      wanted.innerHTML = html
      alignChildren(root, wanted.content)
    }
    root.__html = html
    prepareGrids(root)
    const target = root.querySelector("[data-scroll]")
    if (target && root.__scrolled !== target.id) {
      root.__scrolled = target.id
      target.scrollIntoView({ block: "start" })
    }
  }
  download(root, data?.file)
}
