/** Copies, or selects the text where the browser lets nobody copy; says which. */
export async function copied(secret, text) {
  try {
    await navigator.clipboard.writeText(secret);
    return "Copied.";
  } catch {
    window.getSelection().selectAllChildren(text);
    return "It is selected: copy it with your keyboard.";
  }
}
