import { createMessages, dressAvatar } from "./messages.js";
import { createProtocol, followConversation, NotDelivered } from "./protocol.js";

const suggestions = ["help", "runbooks"];
const rememberedPerson = "drillbook-person";
const part = (id) => document.getElementById(id);

const { people, channel } = await getJson("/console/people");
let acting = people.find((person) => person.id === sessionStorage.getItem(rememberedPerson)) ?? people[0];

const protocol = createProtocol(channel);
const messages = createMessages({
  list: part("messages"),
  scroller: part("scroller"),
  newest: part("newest"),
  announcer: part("announcer"),
  protocol,
  person: () => acting,
});

showPeople();
showSuggestions();
listenToComposer();
await openConversation();

async function openConversation() {
  const { activities } = await getJson("/console/activities");
  for (const activity of activities.toSorted((a, b) => a.at.localeCompare(b.at))) messages.show(activity);
  messages.toEnd();
  followConversation({
    after: Math.max(0, ...activities.map((activity) => activity.change)),
    onActivity: messages.show,
    onState: showState,
  });
  if (messages.isEmpty()) await attempt(() => protocol.greet(acting));
}

function showPeople() {
  for (const person of people) {
    const choice = document.createElement("label");
    choice.className = "person";
    choice.innerHTML = `<input type="radio" name="person" class="unseen"><span class="avatar" aria-hidden="true"></span>
      <span class="who"><span class="name"></span><span class="role"></span></span>`;
    const input = choice.querySelector("input");
    input.value = person.id;
    input.checked = person === acting;
    input.addEventListener("change", () => actAs(person));
    dressAvatar(choice.querySelector(".avatar"), person);
    choice.querySelector(".name").textContent = person.name;
    choice.querySelector(".role").textContent = person.role;
    part("people").append(choice);
  }
  actAs(acting);
}

function actAs(person) {
  acting = person;
  sessionStorage.setItem(rememberedPerson, person.id);
  part("say").placeholder = `Message as ${person.name}`;
  messages.lookAgain();
}

function showSuggestions() {
  for (const text of suggestions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => say(text));
    part("suggestions").append(button);
  }
}

function listenToComposer() {
  const box = part("say");
  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
  };
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    part("composer").requestSubmit();
  });
  part("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text === "") return;
    box.value = "";
    fit();
    // Not once the answer has come: whoever works on a card meanwhile keeps the keyboard there.
    box.focus();
    // What could not be sent comes back into the box, unless something else is there by now.
    if (!(await say(text)) && box.value === "") box.value = text;
    fit();
  });
  part("file").addEventListener("change", async () => {
    const [file] = part("file").files;
    part("file").value = "";
    if (file) await attach(file);
  });
  box.focus();
}

/** The server takes no larger message; in Teams a file may be larger. */
const largestFile = 180_000;

async function attach(file) {
  if (file.size > largestFile) return showProblem(`${file.name} is larger than ${largestFile / 1000} KB, which is as much as this page can send.`);
  const url = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(file);
  });
  const text = part("say").value.trim();
  part("say").value = "";
  await attempt(() => protocol.attach(acting, text, { name: file.name, type: file.type, url }));
}

function say(text) {
  return attempt(() => protocol.say(acting, text));
}

async function attempt(work) {
  try {
    await work();
    showProblem("");
    return true;
  } catch (error) {
    showProblem(error instanceof NotDelivered ? error.message : "That could not be sent.");
    return false;
  }
}

function showProblem(text) {
  part("problem").textContent = text;
  part("problem").hidden = text === "";
}

function showState(state) {
  const texts = {
    connected: "bot · everybody in this rehearsal sees this chat",
    reconnecting: "connection lost, trying again…",
    "signed-out": "signed out: open the newest link from the terminal",
  };
  part("presence").textContent = texts[state];
  document.body.dataset.state = state;
}

async function getJson(address) {
  const response = await fetch(address);
  if (response.status === 401) location.assign("/console");
  return response.json();
}
