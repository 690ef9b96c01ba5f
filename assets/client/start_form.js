// How a test conversation begins: on which queue, whose profile, with the script or empty.
import { createElement as h, useEffect, useState } from "react";

const BUSY_MS = 3000;
const capitalized = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** Follows what the address says until the person chooses otherwise. */
function useChosen(given) {
  const [chosen, choose] = useState(given);
  useEffect(() => choose(given), [given]);
  return [chosen, choose];
}

function ProfileField({ field, onRemove }) {
  const value = { name: "field_value", defaultValue: field.value, dir: "auto", autoComplete: "off" };
  if (field.name) {
    return h(
      "label",
      { className: "field" },
      h("span", { className: "field-label" }, capitalized(field.name)),
      h("input", { type: "hidden", name: "field_name", value: field.name, readOnly: true }),
      h("input", value),
    );
  }
  return h(
    "div",
    { className: "own-field" },
    h("input", { name: "field_name", placeholder: "Field", "aria-label": "Field name", autoFocus: true }),
    h("input", { ...value, placeholder: "Value", "aria-label": "Field value" }),
    h("button", { type: "button", className: "quiet", "aria-label": "Remove field", onClick: onRemove }, "×"),
  );
}

function Profile({ fields, open }) {
  const [own, setOwn] = useState([]);
  const [isOpen, setOpen] = useChosen(open);
  const add = () => setOwn([...own, { id: Math.random(), name: "", value: "" }]);
  return h(
    "details",
    { open: isOpen, onToggle: (event) => setOpen(event.currentTarget.open) },
    h("summary", null, "Profile for the next conversation"),
    h(
      "div",
      { className: "profile-fields" },
      ...fields.map((field) => h(ProfileField, { key: field.name, field })),
      ...own.map((field) =>
        h(ProfileField, {
          key: field.id,
          field,
          onRemove: () => setOwn(own.filter((one) => one.id !== field.id)),
        }),
      ),
    ),
    h("button", { type: "button", className: "quiet", onClick: add }, "Add a field"),
  );
}

export function StartForm({ queue, conversation, live, fields, onChoose, onStart }) {
  const [chosen, choose] = useChosen(queue);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(() => setBusy(false), BUSY_MS);
    return () => clearTimeout(timer);
  }, [busy]);
  useEffect(() => setBusy(false), [conversation]);

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
    h(Profile, { fields, open: !conversation }),
  );
}
