/* PipeRocks Support: the "?" in the lower-left corner.
 *
 *   <script src="https://support.example.com/widget/piperocks-support.js" defer></script>
 *   <piperocks-support token-url="/support-token"></piperocks-support>
 *
 * token-url  address of the CRM that answers a POST with {"token": "<identity JWT>"}; asked again when the token ends
 * token      an identity token, where there is no such address
 * inline     the "?" stands where the element stands (a sidebar), instead of fixed in the corner
 *
 * Two rules keep it safe: the `html` of a message is inserted as it comes, because the server made it from Markdown and
 * passed it through an allow-list (web/rendering.py); everything else goes in by textContent. Nothing is evaluated.
 */
(() => {
  "use strict";
  const ORIGIN = new URL(document.currentScript?.src || location.href).origin;
  const PERSON = "I want to talk to a person";
  const STARTERS = ["How do I import my contacts?", "Which plans are there?", "When will someone answer?"];
  const ENGLISH = navigator.languages?.find((each) => /^en\b/.test(each)) || "en-GB"; // the words around a date are English
  const STATUS = {
    new: "Received", open: "Open", waiting: "Waiting for your answer", escalated: "With a senior technician",
    resolved: "Resolved", reopened: "Reopened", closed: "Closed",
  };
  const SPEAKER = { user: "You", bot: "Assistant", staff: "Support team", system: "Notice" };

  const STYLE = `
:host{--ink:#17221f;--soft:#54625e;--line:#dcdfd9;--paper:#fff;--wash:#f4f5f1;--accent:#0b6658;--on:#fff;--tint:#e2f0ec;--warm:#fff4dc;--bad:#a3291f;--mine:#0b6658;--mine-ink:#fff;
 font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink)}
@media(prefers-color-scheme:dark){:host{--ink:#e7ecea;--soft:#a6b4b0;--line:#36423f;--paper:#182120;--wash:#111817;--accent:#6fd3bf;--on:#08231e;--tint:#1d3a34;--warm:#3a311a;--bad:#ff9d92;--mine:#1f4f45;--mine-ink:#eaf5f2}}
*{box-sizing:border-box;margin:0}
[hidden]{display:none!important}
button,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;border-radius:8px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.launch{position:fixed;left:16px;bottom:16px;z-index:2147483000;width:48px;height:48px;border-radius:50%;background:var(--accent);color:var(--on);font-size:22px;font-weight:700;box-shadow:0 4px 16px #0003}
:host([inline]) .launch{position:relative;left:0;bottom:0;width:40px;height:40px;font-size:19px;box-shadow:none}
.launch[data-unread]::after{content:"";position:absolute;top:0;right:0;width:12px;height:12px;border-radius:50%;background:#e0492f;border:2px solid var(--paper)}
.panel{position:fixed;left:var(--support-left,16px);bottom:var(--support-bottom,76px);z-index:2147483001;width:min(410px,calc(100vw - 32px));height:min(660px,calc(100dvh - 100px));
 display:flex;flex-direction:column;overflow:hidden;background:var(--paper);border:1px solid var(--line);border-radius:16px;box-shadow:0 24px 64px #0000002e,0 4px 12px #0000001a;animation:rise .18s ease-out}
:host([inline]) .panel{bottom:var(--support-bottom,16px)}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
header{display:flex;align-items:center;gap:4px;padding:14px 12px 12px 18px;border-bottom:1px solid var(--line)}
header div{flex:1;min-width:0}
h2{font-size:16px;line-height:1.3;font-weight:650;letter-spacing:-.01em}
.state{font-size:13px;color:var(--soft)}
.icon{width:36px;height:36px;display:grid;place-items:center;color:var(--soft)}
.icon:hover{background:var(--wash);color:var(--ink)}
.icon svg{width:18px;height:18px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.notice{padding:9px 18px;background:var(--warm);font-size:13.5px;display:flex;gap:12px;align-items:center;justify-content:space-between}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:18px;display:flex;flex-direction:column;gap:14px;scroll-padding:12px}
.log:focus-visible{outline-offset:-3px}
.hello{margin:auto 0 4px}
.hello strong{display:block;font-size:21px;line-height:1.25;letter-spacing:-.02em;margin-bottom:6px;font-weight:650}
.hello p{color:var(--soft)}
.m{max-width:100%;overflow-wrap:anywhere}
.m.user{align-self:flex-end;max-width:86%;background:var(--mine);color:var(--mine-ink);padding:9px 14px;border-radius:14px 14px 4px 14px}
.m.user.waiting{opacity:.75}
.m.staff{border-left:3px solid var(--accent);padding-left:12px}
.m.system{align-self:center;text-align:center;font-size:13.5px;color:var(--soft);background:var(--wash);border-radius:10px;padding:6px 14px}
.who{font-size:12.5px;font-weight:600;color:var(--soft);margin-bottom:2px}
.text>*+*{margin-top:.6em}
.text h1,.text h2,.text h3,.text h4,.text h5,.text h6{font-size:15px;font-weight:650}
.text ul,.text ol{padding-left:1.9em}
.text li+li{margin-top:.3em}
.text a,.cites a{color:var(--accent);text-underline-offset:2px}
.m.user .text a{color:inherit}
.text code{font:13px ui-monospace,Menlo,monospace;background:var(--wash);padding:1px 5px;border-radius:5px}
.text pre{overflow-x:auto;background:var(--wash);padding:10px 12px;border-radius:8px}
.text pre code{padding:0}
.text table{border-collapse:collapse;display:block;overflow-x:auto;font-size:13.5px}
.text th,.text td{border:1px solid var(--line);padding:4px 8px;text-align:left}
.text blockquote{border-left:3px solid var(--line);padding-left:12px;color:var(--soft)}
.cites{margin-top:10px;padding:9px 12px;background:var(--wash);border-radius:10px;font-size:13.5px}
.cites ul{list-style:none;padding:0}
.cites li+li{margin-top:3px}
.card{margin-top:10px;border:1px solid var(--line);border-radius:12px;overflow:hidden}
.card b{display:flex;justify-content:space-between;gap:8px;padding:9px 14px;background:var(--tint);font-weight:650}
.card dl{display:grid;grid-template-columns:auto 1fr;gap:5px 14px;padding:10px 14px;font-size:14px}
.card dt{color:var(--soft)}
.card dd{font-weight:550}
.row{display:flex;flex-wrap:wrap;gap:8px;margin-top:10px}
.chip{border:1px solid var(--accent);color:var(--accent);padding:6px 13px;border-radius:999px;min-height:34px;text-align:left;line-height:1.3}
.chip:hover,.chip[aria-pressed=true]{background:var(--tint)}
.rate{align-items:center;font-size:13px;color:var(--soft);gap:4px 8px}
.rate button{min-height:28px;padding:2px 11px;border:1px solid var(--line);border-radius:999px;color:var(--ink)}
.rate button:hover,.rate button[aria-pressed=true]{border-color:var(--accent);background:var(--tint)}
.fail{font-size:13px;color:var(--bad);align-self:flex-end;text-align:right}
.link{color:var(--accent);text-decoration:underline;text-underline-offset:2px;padding:3px 4px;min-height:24px;font-size:13.5px}
.typing{display:flex;align-items:center;gap:5px;padding:0 18px 12px;color:var(--soft);font-size:13px}
.typing i{width:6px;height:6px;border-radius:50%;background:currentColor;animation:beat 1.2s infinite}
.typing i:nth-child(2){animation-delay:.15s}.typing i:nth-child(3){animation-delay:.3s;margin-right:4px}
@keyframes beat{0%,60%,100%{opacity:.3}30%{opacity:1}}
form{display:flex;align-items:flex-end;gap:8px;margin:2px 12px 0;padding:6px 6px 6px 14px;border:1px solid #7b8a85;border-radius:14px;background:var(--paper)}
form:focus-within{border-color:var(--accent);box-shadow:0 0 0 2px var(--accent)}
textarea{flex:1;resize:none;border:0;background:none;max-height:140px;padding:6px 0;line-height:1.4}
textarea:focus-visible{outline:0}
textarea::placeholder{color:var(--soft);opacity:1}
.send{width:36px;height:36px;display:grid;place-items:center;background:var(--accent);color:var(--on);border-radius:10px;flex:none}
.send svg{width:18px;height:18px;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.foot{display:flex;justify-content:space-between;align-items:center;padding:6px 14px 10px;font-size:13px;color:var(--soft)}
@media(max-width:560px){.panel,:host([inline]) .panel{inset:0;width:100%;height:100dvh;border:0;border-radius:0}textarea{font-size:16px}}
@media(pointer:coarse){#keys{display:none}}
@media(prefers-reduced-motion:reduce){*{animation:none!important;scroll-behavior:auto!important}}
@media(forced-colors:active){.m.user,.launch,.send{border:1px solid}}
`;
  const SHELL = `
<button class="launch" type="button" aria-haspopup="dialog" aria-expanded="false" aria-label="Help: open PipeRocks Support"><span aria-hidden="true">?</span></button>
<section class="panel" role="dialog" aria-labelledby="title" aria-describedby="state" hidden>
<header><div><h2 id="title">PipeRocks Support</h2><p class="state" id="state"></p></div>
<button class="icon fresh" type="button" aria-label="Start a new conversation" title="New conversation"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v14M5 12h14"/></svg></button>
<button class="icon close" type="button" aria-label="Close support" title="Close (Esc)"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg></button></header>
<div class="notice" role="status" hidden><span></span><button class="link again" type="button" hidden>Try now</button></div>
<div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label="Conversation" tabindex="0"></div>
<p class="typing" role="status" hidden><i></i><i></i><i></i><span>The assistant is looking it up</span></p>
<form><label class="vh" for="say">Your message</label><textarea id="say" rows="1" maxlength="20000" placeholder="Ask a question" enterkeyhint="send" aria-describedby="keys"></textarea>
<button class="send" type="submit" aria-label="Send message"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14M13 6l6 6-6 6"/></svg></button></form>
<div class="foot"><button class="link person" type="button">Talk to a person</button><span id="keys">Shift+Enter for a new line</span></div>
</section>`;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const button = (className, text, press) => {
    const element = make("button", className, text);
    element.type = "button";
    element.addEventListener("click", press);
    return element;
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  /** A link may lead to a page of the support site, or to http(s) and mailto addresses; anything else goes nowhere. */
  const safeLink = (url) => {
    try {
      const target = new URL(url, ORIGIN);
      return ["http:", "https:", "mailto:"].includes(target.protocol) ? target.href : null;
    } catch { return null; }
  };
  /** The claims of a token, for names and time zone only: whether it holds is for the server to say. */
  const claimsOf = (token) => {
    try {
      const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch { return {}; }
  };
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode: history lasts as long as the page */ } },
  };

  class Refused extends Error {
    constructor(status, detail, wait) { super(detail); this.status = status; this.wait = wait; }
    get later() { return this.status === 0 || this.status === 429 || this.status >= 500; }
  }

  class PipeRocksSupport extends HTMLElement {
    static observedAttributes = ["token", "token-url"];

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.innerHTML = SHELL; // a constant of this file
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      const find = (name) => root.querySelector(name);
      Object.assign(this, {
        root, launch: find(".launch"), panel: find(".panel"), log: find(".log"), typing: find(".typing"), input: find("textarea"),
        notice: find(".notice"), again: find(".again"), state: find(".state"),
      });
      this.launch.addEventListener("click", () => (this.panel.hidden ? this.open() : this.close()));
      find(".close").addEventListener("click", () => this.close());
      find(".fresh").addEventListener("click", () => this.startOver());
      find(".person").addEventListener("click", () => this.say(PERSON));
      this.again.addEventListener("click", () => this.flush());
      find("form").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
      this.input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
      });
      this.input.addEventListener("input", () => this.grow());
      this.panel.addEventListener("keydown", (event) => this.keys(event));
      this.online = () => this.flush();
      this.forget();
    }

    connectedCallback() {
      addEventListener("online", this.online);
      this.watch = setInterval(() => this.peek(), 30000);
    }

    disconnectedCallback() {
      removeEventListener("online", this.online);
      clearInterval(this.watch);
      this.stream?.abort();
    }

    /** Another identity, or the first one: nothing of the last one, or of none, may stay on the screen. */
    attributeChangedCallback(name, before, after) {
      if (before === after) return;
      this.forget();
      if (!this.panel.hidden) this.load();
    }

    forget() {
      this.stream?.abort();
      clearTimeout(this.retry);
      this.era = (this.era || 0) + 1;
      Object.assign(this, { token: null, claims: {}, key: null, restored: null, conversation: null, outbox: [], seen: new Map(), busy: false, missed: false, failures: 0, handler: "bot" });
      this.log.replaceChildren();
      this.typing.hidden = true;
      this.tell("");
      this.showHandler("bot");
    }

    // ---- opening and closing
    open() {
      this.panel.hidden = false;
      this.launch.setAttribute("aria-expanded", "true");
      delete this.launch.dataset.unread;
      this.launch.setAttribute("aria-label", "Help: close PipeRocks Support");
      this.panel.setAttribute("aria-modal", String(this.narrow()));
      this.input.focus();
      this.load();
    }

    close() {
      this.panel.hidden = true;
      this.launch.setAttribute("aria-expanded", "false");
      this.launch.setAttribute("aria-label", "Help: open PipeRocks Support");
      this.stream?.abort();
      this.launch.focus();
    }

    narrow() { return matchMedia("(max-width:560px)").matches; }

    keys(event) {
      if (event.key === "Escape") { event.stopPropagation(); this.close(); return; }
      if (event.key !== "Tab" || !this.narrow()) return;
      // Full screen on a phone: the page behind is not to be reached.
      const all = [...this.panel.querySelectorAll("button,textarea,a[href],[tabindex='0']")].filter((e) => e.offsetParent !== null && !e.disabled);
      const edge = event.shiftKey ? all[0] : all[all.length - 1];
      if (this.root.activeElement === edge) { event.preventDefault(); (event.shiftKey ? all[all.length - 1] : all[0]).focus(); }
    }

    // ---- talking to the server
    async identify(force) {
      const ends = (this.claims.exp || Infinity) * 1000;
      if (this.token && !force && ends - Date.now() > 30000) return;
      const url = this.getAttribute("token-url");
      if (url) {
        const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
        if (!answer?.ok) throw new Refused(answer?.status === 401 ? 401 : 0, "Sign in to PipeRocks again to use support.");
        this.token = (await answer.json()).token;
      } else this.token = this.getAttribute("token") || "";
      this.claims = claimsOf(this.token);
      this.key = `piperocks-support:${this.claims.sub || ""}`;
    }

    async call(method, path, body, again) {
      await this.identify(again);
      let answer;
      try {
        answer = await fetch(`${ORIGIN}/api/v1${path}`, {
          method, headers: { Authorization: `Bearer ${this.token}`, ...(body ? { "Content-Type": "application/json" } : {}) },
          body: body ? JSON.stringify(body) : undefined, credentials: "omit",
        });
      } catch { throw new Refused(0, "You seem to be offline."); }
      if (answer.status === 401 && !again && this.hasAttribute("token-url")) return this.call(method, path, body, true);
      if (answer.status === 204) return null;
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Refused(answer.status, told.detail || "The request was refused.", Number(answer.headers.get("Retry-After")) || 0);
      return told;
    }

    save() { store.set(this.key, { conversation: this.conversation, outbox: this.outbox }); }

    /** Once an identity: what this browser kept of its conversation. */
    restore() {
      const era = this.era;
      return (this.restored ||= this.identify().then(() => {
        if (era !== this.era) return;
        const kept = store.get(this.key);
        this.conversation = kept.conversation || null;
        (kept.outbox || []).forEach((item) => this.showPending(item));
        this.outbox = [...(kept.outbox || []), ...this.outbox];
      }).catch((error) => { if (era === this.era) this.restored = null; throw error; }));
    }

    async load() {
      const era = this.era;
      try {
        await this.restore();
        if (era === this.era && this.conversation) await this.sync(!this.seen.size);
      } catch (error) {
        if (era !== this.era) return;
        if (error.status === 404) { this.conversation = null; this.save(); }
        else this.tell(error.message, error.later);
      }
      if (era !== this.era) return;
      this.hello();
      if (this.outbox.length) this.flush();
      this.follow();
    }

    /** Read what is not on the screen yet; `quiet` keeps a replay of old messages from being read aloud. */
    async sync(quiet) {
      const path = `/conversations/${this.conversation}/messages?after=${this.gap()}`;
      const told = await this.call("GET", path);
      if (quiet) this.log.setAttribute("aria-live", "off");
      told.messages.forEach((message) => this.show(message));
      this.showHandler(told.handler);
      if (quiet) { this.log.scrollTop = this.log.scrollHeight; setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500); }
    }

    /** The sequence number up to which nothing is missing. */
    gap() {
      const numbers = new Set(this.seen.values());
      let last = 0;
      while (numbers.has(last + 1)) last += 1;
      return last;
    }

    /** Follow the server-sent events while the panel is open; fetch, because EventSource cannot send the token. */
    async follow() {
      this.stream?.abort();
      if (!this.conversation || this.panel.hidden) return;
      const stream = (this.stream = new AbortController());
      while (!stream.signal.aborted) {
        try {
          await this.identify();
          const answer = await fetch(`${ORIGIN}/api/v1/conversations/${this.conversation}/events?after=${this.gap()}`, {
            headers: { Authorization: `Bearer ${this.token}` }, signal: stream.signal, credentials: "omit",
          });
          if (!answer.ok) throw new Refused(answer.status, "");
          await this.read(answer.body.getReader());
        } catch (error) {
          if (stream.signal.aborted || error.status === 404) return;
          if (error.status === 401) await this.identify(true).catch(() => {});
        }
        await pause(3000);
      }
    }

    async read(reader) {
      const decoder = new TextDecoder();
      for (let rest = "", part; !(part = await reader.read()).done;) {
        const events = (rest + decoder.decode(part.value, { stream: true })).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = event.split("\n").find((line) => line.startsWith("data: "));
          if (data) this.heard(JSON.parse(data.slice(6)));
        }
      }
    }

    heard(message) {
      // A turn of this tab brings its own replies, in order; what else came meanwhile is read after it.
      if (this.busy) { this.missed = true; return; }
      this.show(message);
      if (message.role === "staff") this.showHandler("human");
      if (message.role === "system" || this.gap() < message.seq) this.sync().catch(() => {});
    }

    /** While closed: look now and then whether somebody answered. */
    async peek() {
      if (!this.panel.hidden || document.hidden) return;
      try {
        await this.restore();
        if (!this.conversation) return;
        const before = this.seen.size;
        await this.sync(before === 0);
        if (before && this.seen.size > before) {
          this.launch.dataset.unread = "";
          this.launch.setAttribute("aria-label", "Help: open PipeRocks Support, new message");
        }
      } catch { /* the next look will do */ }
    }

    // ---- saying
    submit() {
      const text = this.input.value.trim();
      if (!text) return;
      this.input.value = "";
      this.grow();
      this.say(text);
    }

    say(text) {
      const item = { id: newId(), text };
      this.outbox.push(item);
      if (this.key) this.save();
      this.showPending(item);
      this.input.focus();
      this.flush();
    }

    /** Send what waits, in order. The id stays with its message, so that a repeated send is still one turn. */
    async flush() {
      if (this.busy || !this.outbox.length) return;
      clearTimeout(this.retry);
      const era = this.era;
      this.busy = true;
      this.typing.hidden = this.handler === "human";
      this.log.querySelectorAll(".buttons").forEach((row) => row.remove());
      try {
        await this.restore();
        while (this.outbox.length && era === this.era) await this.deliver(this.outbox[0], era);
        if (era === this.era) { this.failures = 0; this.tell(""); }
      } catch (error) {
        if (era === this.era) this.postpone(error);
      }
      if (era !== this.era) return;
      this.busy = false;
      this.typing.hidden = true;
      if (this.missed) { this.missed = false; this.sync().catch(() => {}); }
      if (!this.stream || this.stream.signal.aborted) this.follow();
    }

    async deliver(item, era) {
      const fresh = !this.conversation;
      let told;
      try {
        if (fresh) {
          const made = await this.call("POST", "/conversations", {});
          if (era !== this.era) return;
          this.conversation = made.conversation_id;
          this.save();
        }
        told = await this.call("POST", `/conversations/${this.conversation}/messages`, { text: item.text, client_message_id: item.id });
      } catch (error) {
        if (era !== this.era) return;
        // Gone on the server: begin anew. Where the new one is not there either, the address is wrong, and asking again is no use.
        if (error.status === 404 && !fresh) { this.conversation = null; this.stream?.abort(); return; }
        if (error.later || error.status === 401) throw error;
        this.settle(item);
        const bubble = this.pending(item);
        bubble?.classList.remove("waiting");
        bubble?.after(make("p", "fail", `Not sent: ${error.message}`));
        return;
      }
      if (era !== this.era) return;
      this.settle(item);
      this.pending(item)?.remove();
      const mine = this.show(told.message);
      const shown = told.replies.map((reply) => this.show(reply)).filter(Boolean);
      this.showHandler(told.handler);
      // The start of a long answer is what the reader needs; from there it scrolls.
      const from = shown[0] || mine;
      if (from) this.log.scrollTop = from.offsetTop - this.log.offsetTop - (shown[0] ? 72 : 12);
    }

    settle(item) {
      this.outbox = this.outbox.filter((each) => each.id !== item.id);
      this.save();
    }

    postpone(error) {
      this.failures += 1;
      const seconds = Math.min(30, Math.max(error.wait || 0, 2 ** Math.min(this.failures, 5)));
      if (error.later) this.retry = setTimeout(() => this.flush(), seconds * 1000);
      this.tell(error.later ? `${error.status ? "The assistant cannot be reached." : "You are offline."} Your message is kept and sent again.` : error.message, true);
    }

    async rate(message, helpful, row) {
      row.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.value === String(helpful))));
      const word = row.querySelector("[role=status]");
      try {
        await this.call("POST", `/conversations/${this.conversation}/feedback`, { message_id: message.id, helpful });
        word.textContent = helpful ? "Good to hear." : "Thanks. You can ask again in other words, or talk to a person.";
      } catch (error) { word.textContent = "That could not be saved. Try again."; }
    }

    startOver() {
      if (!this.key) return;
      const open = !this.panel.hidden;
      this.stream?.abort();
      store.set(this.key, {});
      this.forget();
      if (open) { this.load(); this.input.focus(); }
    }

    // ---- showing
    tell(text, again) {
      this.notice.hidden = !text;
      this.notice.firstElementChild.textContent = text;
      this.again.hidden = !again || !this.outbox.length;
    }

    showHandler(handler) {
      this.handler = handler || "bot";
      const human = this.handler === "human";
      this.state.textContent = human ? "A person has this conversation" : "Assistant. A person is one step away.";
      if (human) this.typing.hidden = true;
    }

    hello() {
      if (this.log.childElementCount) return;
      const box = make("div", "hello");
      const name = (this.claims.name || "").split(" ")[0];
      box.append(make("strong", "", name ? `Hello ${name}. What can we help with?` : "What can we help with?"),
        make("p", "", "I answer from the PipeRocks help centre and say where it stands. If I do not know, I say so, and you can talk to a person."));
      const row = make("div", "row");
      STARTERS.forEach((text) => row.append(button("chip", text, () => this.say(text))));
      box.append(row);
      this.log.append(box);
    }

    pending(item) { return this.log.querySelector(`[data-pending="${CSS.escape(item.id)}"]`); }

    showPending(item) {
      this.log.querySelector(".hello")?.remove();
      const bubble = make("div", "m user waiting");
      bubble.dataset.pending = item.id;
      bubble.append(make("span", "vh", "You: "), make("div", "text", item.text));
      this.log.append(bubble);
      this.log.scrollTop = this.log.scrollHeight;
    }

    /** Put one message where its number says; a message that is there already is left alone. */
    show(message) {
      if (this.seen.has(message.id)) return null;
      this.seen.set(message.id, message.seq);
      this.log.querySelector(".hello")?.remove();
      const box = make("div", `m ${message.role}`);
      box.dataset.seq = message.seq;
      box.dataset.id = message.id;
      box.append(make("div", message.role === "staff" ? "who" : "vh", `${SPEAKER[message.role] || "Notice"}${message.role === "staff" ? "" : ": "}`));
      const text = make("div", "text");
      if (message.html) text.innerHTML = message.html; // sanitised by the server: see the head of this file
      else text.textContent = message.text;
      text.querySelectorAll("a[href]").forEach((link) => this.outward(link, link.getAttribute("href")));
      box.append(text);
      if (message.ticket) box.append(this.card(message.ticket));
      if (message.citations?.length) box.append(this.citations(message.citations));
      if (message.role === "bot" && ["answer", "policy"].includes(message.decision)) box.append(this.rating(message));
      this.log.querySelectorAll(".buttons").forEach((row) => row.remove());
      if (message.buttons?.length) box.append(this.choices(message.buttons));
      const next = [...this.log.children].find((each) => each.dataset.pending || Number(each.dataset.seq) > message.seq);
      this.log.insertBefore(box, next || null);
      if (message.role === "staff" || message.role === "system") box.scrollIntoView({ block: "nearest" });
      return box;
    }

    outward(link, url) {
      const target = safeLink(url);
      if (!target) { link.removeAttribute("href"); return; }
      Object.assign(link, { href: target, target: "_blank", rel: "noopener noreferrer" });
      link.append(make("span", "vh", " (opens in a new tab)"));
    }

    citations(all) {
      const box = make("div", "cites");
      const list = make("ul");
      box.append(make("div", "who", "From the help centre"), list);
      for (const each of all) {
        const link = make("a", "", each.section && each.section !== each.title ? `${each.title}: ${each.section}` : each.title);
        this.outward(link, each.url);
        const item = make("li");
        item.append(link);
        list.append(item);
      }
      return box;
    }

    card(ticket) {
      const box = make("section", "card");
      box.setAttribute("aria-label", `Ticket ${ticket.number}`);
      const head = make("b");
      head.append(make("span", "", `Ticket ${ticket.number}`), make("span", "", STATUS[ticket.status] || ticket.status));
      const facts = make("dl");
      const fact = (name, value) => facts.append(make("dt", "", name), make("dd", "", value));
      fact("Reply by", this.moment(ticket.reply_by) || "No exact time can be given; see the message");
      if (ticket.priority) fact("Priority", ticket.priority[0].toUpperCase() + ticket.priority.slice(1));
      box.append(head, facts);
      return box;
    }

    /** An instant in the customer's time zone; where the token names none, the wall clock that the instant carries. */
    moment(iso) {
      if (!iso) return "";
      const format = (date, timeZone, more) => new Intl.DateTimeFormat(ENGLISH, {
        weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone, ...more }).format(date);
      try { if (this.claims.tz) return format(new Date(iso), this.claims.tz, { timeZoneName: "short" }); } catch { /* a zone the browser does not know */ }
      return format(new Date(`${iso.slice(0, 19)}Z`), "UTC");
    }

    rating(message) {
      const row = make("div", "row rate");
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", "Was this helpful?");
      const choice = (label, value) => {
        const each = button("", label, () => this.rate(message, value, row));
        each.dataset.value = String(value);
        each.setAttribute("aria-pressed", "false");
        return each;
      };
      const word = make("span");
      word.setAttribute("role", "status");
      row.append(make("span", "", "Was this helpful?"), choice("Yes", true), choice("No", false), word);
      return row;
    }

    choices(all) {
      const row = make("div", "row buttons");
      all.forEach((each) => row.append(button("chip", each.title, () => this.say(each.payload))));
      return row;
    }

    grow() {
      this.input.style.height = "auto";
      this.input.style.height = `${Math.min(140, this.input.scrollHeight)}px`;
    }
  }

  if (!customElements.get("piperocks-support")) customElements.define("piperocks-support", PipeRocksSupport);
})();
