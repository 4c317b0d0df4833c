'use strict'
const said = document.querySelector('.said')
for (const code of document.querySelectorAll('.code')) {
  code.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      said.textContent = 'Copied ' + code.textContent
    } catch { // a page that is not on loopback has no clipboard: the code is selected, to be copied by hand
      getSelection().selectAllChildren(code)
      said.textContent = 'Selected ' + code.textContent
    }
    setTimeout(() => { said.textContent = '' }, 2000)
  })
}
for (const sent of document.querySelectorAll('time')) {
  sent.title = sent.textContent
  sent.textContent = new Date(sent.dateTime).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
addEventListener('focus', () => location.reload())
