// Keeps the last click made on a block between its painting and the arrival of the component that
// listens to it; the component takes it from here. No data in this script.
if (!("vigieEarlyClick" in window)) {
  window.vigieEarlyClick = undefined
  window.vigieIsListening = false
  document.addEventListener(
    "click",
    (event) => {
      if (window.vigieIsListening || event.ctrlKey || event.metaKey) return
      const source = event.target.closest(".vigie :is([data-act], table[data-grid] tbody td)")
      if (!source) return
      event.preventDefault()
      window.vigieEarlyClick = source
    },
    true,
  )
}
