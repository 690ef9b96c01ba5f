// How a test conversation begins: on which queue, whose profile, with the script or empty.
import { createElement as h, useEffect, useRef, useState } from "react";

const BUSY_MS = 3000;
const capitalized = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** Follows what the address says until the person chooses otherwise. */
function useChosen(given) {
  const [chosen, choose] = useState(given);
  useEffect(() => choose(given), [given]);
  return [chosen, choose];
}

function ProfileField({ field, place, wrong, onRemove }) {
  const error = wrong?.place === place ? wrong.sentence : "";
  const told = error ? { "aria-invalid": "true", "aria-describedby": "profile-error" } : {};
  const value = { name: "field_value", defaultValue: field.value, dir: "auto", autoComplete: "off" };
  const why = error && h("p", { id: "profile-error", className: "field-error", role: "alert" }, error);
  if (field.name) {
    return h(
      "label",
      { className: "field" },
      h("span", { className: "field-label" }, capitalized(field.name)),
      h("input", { type: "hidden", name: "field_name", value: field.name, readOnly: true }),
      h("input", { ...value, ...told }),
      why,
    );
  }
  return h(
    "div",
    { className: "own-field" },
    h("input", { name: "field_name", placeholder: "Field", "aria-label": "Field name", autoFocus: true, ...told }),
    h("input", { ...value, placeholder: "Value", "aria-label": "Field value", ...told }),
    h("button", { type: "button", className: "quiet", "aria-label": "Remove field", onClick: onRemove }, "×"),
    why,
  );
}

function Profile({ fields, open, wrong }) {
  const [own, setOwn] = useState([]);
  const [isOpen, setOpen] = useChosen(open);
  const box = useRef(null);
  const add = () => setOwn([...own, { id: Math.random(), name: "", value: "" }]);
  useEffect(() => {
    if (!wrong?.sentence) return;
    setOpen(true);
    box.current.querySelector("[aria-invalid=true]")?.focus();
  }, [wrong?.attempt]);
  return h(
    "details",
    { open: isOpen, ref: box, onToggle: (event) => setOpen(event.currentTarget.open) },
    h("summary", null, "Profile for the next conversation"),
    h(
      "div",
      { className: "profile-fields" },
      ...fields.map((field, place) => h(ProfileField, { key: field.name, field, place, wrong })),
      ...own.map((field, place) =>
        h(ProfileField, {
          key: field.id,
          field,
          place: fields.length + place,
          wrong,
          onRemove: () => setOwn(own.filter((one) => one.id !== field.id)),
        }),
      ),
    ),
    h("button", { type: "button", className: "quiet", onClick: add }, "Add a field"),
  );
}

export function StartForm({ queue, conversation, live, fields, wrong, onChoose, onStart }) {
  const [chosen, choose] = useChosen(queue);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(() => setBusy(false), BUSY_MS);
    return () => clearTimeout(timer);
  }, [busy]);
  useEffect(() => setBusy(false), [conversation, wrong?.attempt]);

  function start(event) {
    event.preventDefault();
    const kind = event.nativeEvent.submitter?.value;
    if (!kind || busy) return;
    setBusy(true);
    const data = new FormData(event.currentTarget);
    onStart(kind, chosen, data.getAll("field_name"), data.getAll("field_value"));
  }
  // Enter in a field of the profile is no wish to start.
  const onKeyDown = (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault();
  };
  const button = (label, value, className) =>
    h("button", { type: "submit", value, className, disabled: !live || busy }, label);
  return h(
    "form",
    { className: "start-form", onSubmit: start, onKeyDown, "aria-label": "New conversation" },
    h(
      "div",
      { className: "start-row" },
      h(
        "div",
        { className: "field" },
        // Beside and not around it: a label's name would hold the options as well.
        h("label", { className: "field-label", htmlFor: "start-queue" }, "Queue"),
        h(
          "select",
          {
            id: "start-queue",
            name: "queue",
            value: chosen,
            onChange: (event) => (choose(event.target.value), onChoose(event.target.value)),
          },
          h("option", { value: "preview" }, "Preview"),
          h("option", { value: "published" }, "Published"),
        ),
      ),
      button("Start the angry customer", "angry-customer", conversation ? "" : "primary"),
      button("Start empty", "empty", ""),
    ),
    h(Profile, { fields, wrong, open: !conversation }),
  );
}
