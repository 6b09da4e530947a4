// Listens to the blocks from their first painting on, and hands what was clicked to the component;
// what is clicked before the component has arrived is kept for it. No data in this script.
if (!window.vigie) {
  // A board is one stop of the Tab key; arrows move inside it, headings included, Enter chooses.
  function prepareGrid(grid) {
    for (const button of grid.querySelectorAll("button:not([tabindex])")) button.tabIndex = -1
    const stops = [...grid.querySelectorAll('[tabindex="0"]')]
    const kept = stops.find((stop) => stop === document.activeElement)
      ?? stops.find((stop) => stop.hasAttribute("aria-selected")) ?? stops[0] ?? grid.querySelector("tbody td")
    if (kept) makeStop(grid, kept)
  }

  function makeStop(grid, stop) {
    for (const other of grid.querySelectorAll('[tabindex="0"]')) if (other !== stop) other.tabIndex = -1
    stop.tabIndex = 0
  }

  function enterStop(stop) {
    makeStop(stop.closest("table"), stop)
    stop.focus({ preventScroll: false })
  }

  // The corner spans both rows of headings: the second one starts a column later.
  function stopAt(row, column) {
    const cell = row?.cells[row.parentElement.tagName === "THEAD" ? column - 1 : column]
    return cell?.tagName === "TD" ? cell : cell?.querySelector("button")
  }

  function moveInGrid(event) {
    const cell = event.target.closest?.("table[data-grid] :is(tbody :is(td, th), thead tr:last-child th)")
    if (!cell) return
    if (cell === event.target && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault()
      cell.click()
      return
    }
    const grid = cell.closest("table")
    const rows = [grid.tHead.rows[grid.tHead.rows.length - 1], ...grid.tBodies[0].rows]
    const row = rows.indexOf(cell.parentElement)
    const column = cell.cellIndex + (row === 0 ? 1 : 0)
    const last = grid.tBodies[0].rows[0].cells.length - 1
    const [down, right] = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      Home: [0, -column], End: [0, last - column],
    }[event.key] ?? [0, 0]
    const target = down || right ? stopAt(rows[row + down], column + right) : null
    if (!target) return
    event.preventDefault()
    enterStop(target)
  }

  function objectiveOf(cell) {
    const heads = cell.closest("table").querySelectorAll("thead button[data-i]")
    return heads[cell.cellIndex - 1]?.dataset.i
  }

  function said(source) {
    const event = { act: "cell", ...source.dataset }
    if (source.tagName === "TD") event.i = objectiveOf(source)
    event.t ??= source.closest("[data-t]")?.dataset.t
    // What moves the whole page is said to the page, wherever it stands.
    const isForThePage = ["drill", "definition", "choose"].includes(event.act)
    if (!isForThePage) event.part ??= source.closest("[data-part]")?.dataset.part
    if (source.hasAttribute("data-gather")) event.value = gathered(source)
    const form = source.closest("form")
    if (form) {
      for (const field of form.elements) if (field.name) event[field.name] = field.value
      for (const field of form.querySelectorAll("textarea")) field.value = ""
    }
    return event
  }

  // The boxes ticked beside a button, as one value; their list has been read and folds.
  function gathered(source) {
    const ticked = [...source.closest("[data-many]").querySelectorAll("input:checked")]
    const folded = source.closest("details.v-menu")
    folded?.removeAttribute("open")
    folded?.querySelector("summary")?.focus()
    return ticked.map((box) => box.value).sort().join(",")
  }

  // The board is not drawn again for a story: the cell chosen is marked here.
  function markChosen(source) {
    const grid = source.closest("table[data-grid]")
    if (!grid) return
    if (source.tagName === "TD") {
      for (const other of grid.querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected")
      source.setAttribute("aria-selected", "true")
    }
    const chosen = source.dataset.i ?? objectiveOf(source)
    for (const button of grid.querySelectorAll("thead button[data-i]")) {
      const isChosen = button.dataset.i === chosen
      button.toggleAttribute("aria-pressed", isChosen)
      if (isChosen) button.setAttribute("aria-pressed", "true")
      button.closest("th").classList.toggle("on", isChosen)
    }
  }

  document.addEventListener("click", (event) => {
    const source = event.target.closest?.(".vigie :is([data-act], table[data-grid] tbody td)")
    if (!source || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const grid = source.closest("table[data-grid]")
    if (grid) enterStop(source)
    const what = said(source)
    if (what.act === "export") source.setAttribute("aria-busy", "true")
    if (source.getAttribute("role") === "radio") check(source)
    if (what.part) markChosen(source)
    if (what.act === "close") leaveStory()
    tell(what)
  })
  document.addEventListener("keydown", moveInGrid)

  function tell(what) {
    const listener = what.part ? window.vigieParts?.[what.part] : window.vigieTell
    if (listener) listener(what)
    else window.vigieKept = what
  }

  // The choice is seen at once; the figures follow.
  function check(radio) {
    for (const other of radio.parentElement.children) {
      other.setAttribute("aria-checked", String(other === radio))
      other.tabIndex = other === radio ? 0 : -1
    }
  }

  function moveInChoices(event) {
    const radio = event.target.closest?.(".vigie [role=radio]")
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key]
    if (!radio || !step) return
    event.preventDefault()
    const radios = [...radio.parentElement.children]
    const next = radios[(radios.indexOf(radio) + step + radios.length) % radios.length]
    next.focus()
    next.click()
  }

  document.addEventListener("keydown", moveInChoices)
  // The story goes: whoever was in it is taken back to the cell that it was opened from.
  function leaveStory() {
    const isElsewhere = document.activeElement?.closest("body > *") && !document.activeElement.closest(".v-story")
    const stop = isElsewhere ? null : document.querySelector('.vigie table[data-grid] [tabindex="0"]')
    if (!stop) return
    stop.focus()
    bringBack(stop)
  }

  // The page takes back the story's room: what lies above and below moves, the cell with it.
  function bringBack(stop) {
    const story = document.querySelector(".v-story")?.parentElement
    if (!story) return
    const gone = new MutationObserver(() => {
      if (story.querySelector(".v-story")) return
      gone.disconnect()
      const { top, bottom } = stop.getBoundingClientRect()
      const isInSight = top > 60 && bottom < window.innerHeight
      if (!isInSight && document.activeElement === stop) stop.scrollIntoView({ block: "center" })
    })
    gone.observe(story, { childList: true, subtree: true })
  }

  // Escape closes what is open, a menu before the story; a text begun is not thrown away.
  function close(event) {
    if (event.key !== "Escape" || event.target.closest?.(".vigie textarea")?.value) return
    const menu = document.querySelector(".vigie details.v-menu[open]")
    menu?.removeAttribute("open")
    if (menu) menu.querySelector("summary").focus()
    else document.querySelector(".vigie .v-story .v-close")?.click()
  }

  document.addEventListener("keydown", close)
  // Enter in a field of a form is a line or a choice, never a page left.
  document.addEventListener("submit", (event) => {
    if (event.target.closest?.(".vigie")) event.preventDefault()
  })
  document.addEventListener("change", (event) => {
    const field = event.target.closest?.(".vigie :is(select, input)[data-name]")
    if (field) window.vigie.chosenIn = field.dataset.name
    if (field) tell({ act: "choose", name: field.dataset.name, value: field.value })
    const many = event.target.closest?.(".vigie [data-many]")
    if (many) many.querySelector("output").value = many.querySelectorAll("input:checked").length
  })
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(".vigie details.v-menu[open]")) {
      if (!open.contains(event.target)) open.removeAttribute("open")
    }
  })

  // What Streamlit's own frame says in English, to screen readers and to the Tab key. It writes
  // these words once, when it puts the element in; a click or the focus may bring other ones.
  const SHELL = {
    "App pages": "Pages de l’application",
    "Navigate to home page": "Vigie GDR, aller à l’accueil",
    "Sidebar": "Volet de navigation",
    "Expand sidebar": "Ouvrir le volet de navigation",
    "Collapse sidebar": "Fermer le volet de navigation",
  }

  function speakFrench() {
    for (const [theirs, ours] of Object.entries(SHELL)) {
      for (const element of document.querySelectorAll(`[aria-label="${theirs}"]`)) element.ariaLabel = ours
    }
    for (const button of document.querySelectorAll("[data-testid=stFileUploaderDropzone] button")) {
      if (!button.closest("[data-testid=stFileChip]")) button.ariaLabel = "Choisir des fichiers"
    }
    for (const refused of document.querySelectorAll("[data-testid=stFileChip] [role=alert]")) {
      for (const theirs of refused.childNodes) {
        if (theirs.nodeValue === "Error: ") theirs.nodeValue = "Fichier refusé : "
        if (theirs.nodeValue?.includes("must be")) theirs.nodeValue = "trop gros, il n’a pas été envoyé."
      }
    }
    const skip = document.querySelector("[data-testid=stSkipToContent]")?.firstChild
    if (skip?.nodeValue === "Skip to main content") skip.nodeValue = "Aller au contenu"
  }

  // Without a graphics card (a remote desktop, an old machine) the processor draws the map: smoothing
  // its edges would take it half of each frame. Nothing is asked before a first map is drawn.
  const DRAWN_BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i
  const contextOf = HTMLCanvasElement.prototype.getContext
  let hasGraphicsCard = null

  function findsGraphicsCard() {
    const context = contextOf.call(document.createElement("canvas"), "webgl")
    if (!context) return true
    const named = context.getExtension("WEBGL_debug_renderer_info")
    const renderer = context.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : context.RENDERER)
    context.getExtension("WEBGL_lose_context")?.loseContext()
    return !DRAWN_BY_PROCESSOR.test(renderer)
  }

  HTMLCanvasElement.prototype.getContext = function (kind, wanted) {
    if (!kind.startsWith("webgl")) return contextOf.call(this, kind, wanted)
    hasGraphicsCard ??= findsGraphicsCard()
    return contextOf.call(this, kind, hasGraphicsCard ? wanted : { ...wanted, antialias: false })
  }

  document.addEventListener("focusin", speakFrench)
  document.addEventListener("change", () => setTimeout(speakFrench, 300))
  document.addEventListener("click", () => setTimeout(speakFrench, 100))
  speakFrench()

  window.vigie = {
    speakFrench,
    prepareGrids: (root) => root.querySelectorAll("table[data-grid]").forEach(prepareGrid),
  }
}
