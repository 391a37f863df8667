import type { Rulebook } from "../../src/types/rule.ts";
import { rulebook } from "../engine/world.ts";

/** Every way of waiting, remembering and speaking that one conversation can meet. Whatever takes time lasts an odd number of
 *  minutes and whatever customers do happens at minutes that are multiples of four, so that nothing depends on seconds.
 *  `stockUrl`: a service of the shop. */
export function replayRules(stockUrl: string): Rulebook {
  return rulebook(RULES.replaceAll("STOCK_URL", stockUrl), HEAD);
}

const HEAD = `
timezone: Europe/Madrid
bot: {quiet_after_manager: 42m30s, answers_per_minute: 30, requests_per_second: 50, answer_within: 10m}
commands: {status: State of the dialog, deliveries: Ways of delivery}
hours: {office: {mon-fri: "09:00-18:00"}}
teams:
  sales: {people: [Anna Petrova, Ivan Sidorov], max_open: 1}
  leads: {people: [Olga Ruiz]}
flows:
  - flow: Which order
    do:
      - ask: Which order number?
        expect: order_number
        save: dialog.order_number
      - ask: And the phone number it was placed with?
        expect: phone
        save: dialog.order_phone
        retry: {times: 1, say: Please type it like +34 600 123 456}
        no_answer:
          after: 25m
          do:
            - reply: You can tell me later.
            - tag: no-phone
  - flow: Thanks
    do:
      - reply: "Noted for {{ args.name or 'you' }}: {{ dialog.city or 'nowhere' }}."
      - set: {customer.city: "{{ dialog.city or 'nowhere' }}"}
`;

const RULES = `
- rule: Welcome
  when: {dialog: opened}
  once_per: chat
  do:
    - reply: Hello {{ customer.first_name or "there" }}!
      buttons: [Delivery, Stock, A person]

- rule: Order
  when: {message_has: [order]}
  do:
    - run: Which order
    - look_up: order
      by: {number: "{{ dialog.order_number or '?' }}", phone: "{{ dialog.order_phone or '?' }}"}
      found:
        - reply: Order {{ order.number }} is {{ order.status.name or "new" }}.
        - send_order: order
      not_found:
        - reply: I see no such order.
        - assign: sales
          nobody:
            - note: Nobody is there.

- rule: Delivery
  when: {message_has: [delivery]}
  do:
    - ask: Where to?
      choices: [Madrid, Another city]
      save: dialog.city
      no_answer:
        after: 13m
        do:
          - note: No city was named.
    - choose:
        - if: {is: {dialog.city: Madrid}}
          do:
            - reply: Tomorrow.
            - tag: [madrid]
        - do:
            - wait: 5m
            - reply: In three days.
    - run: Thanks
      with: {name: "{{ customer.first_name or 'you' }}"}

- rule: Stock
  when: {message_has: [stock]}
  do:
    - http: {url: STOCK_URL, save: stock}
      ok:
        - reply: "{{ stock.count }} are left."
      failed:
        - reply: I don't know.

- rule: Later
  when: {message_has: [later]}
  again_after: 34m30s
  do:
    - reply: In a while.
    - wait: 17m
    - reply: Here I am, {{ chat.words or "and you said nothing" }}.
    - wait: 9m
    - tag: [twice]

- rule: Correct
  when: {message_is: [typo]}
  do:
    - reply: Tehre.
    - wait: 1m
    - edit: There.

- rule: Goods
  when: {message_is: [teapot]}
  do:
    - look_up: product
      by: {name: teapot}
      found:
        - send_product: product
      not_found:
        - reply: None.
    - send_image: https://files.example/teapot.jpg
      caption: A teapot

- rule: A person
  when: {message_has: [person]}
  do:
    - reply: One moment.
    - assign: sales
      pick: round_robin
      nobody:
        - queue: sales
        - reply: Nobody is there.
        - note: "{{ customer.first_name or 'Somebody' }} waits."

- rule: Bye
  when: {message_is: [bye]}
  do:
    - reply: Good bye.
    - close: true

- rule: Remember
  when: {message: text}
  do:
    - set: {chat.words: "{{ message.text }}", dialog.seen: "{{ message.text | size }}"}

- rule: Reminder
  when: {message: any}
  if: {open: office}
  again_after: 98m30s
  continue: true
  do:
    - reply: We read everything.

- rule: Echo
  when: {message: any}
  do:
    - reply: "You said {{ message.text or 'nothing' }}, {{ dialog.first }}."
      quote: true

- rule: Status
  when: {command: status}
  do:
    - reply: "{{ dialog.tags | join: ', ' }} / {{ chat.words or '-' }} / {{ dialog.team or '-' }}"

- rule: Deliveries
  when: {command: deliveries}
  do:
    - look_up: delivery_types
    - reply: "{{ delivery_types | map: 'name' | join: ', ' }}"

- rule: Manager silent
  when: {manager_silent: 29m}
  if: {is_not: {dialog.team: leads}}
  do:
    - assign: leads
    - note: Nobody answered.

- rule: Customer silent
  when: {customer_silent: 37m}
  once_per: dialog
  do:
    - reply: Are you still there?

- rule: Closed
  when: {dialog: closed}
  do:
    - note: It was closed.
`;
