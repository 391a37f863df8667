import type { Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with the settings for many accounts. No sentence repeats a secret. */
export const serviceNeedsKey = (): Fault =>
  faultOf(
    "service-needs-key",
    say(
      '"service" has no "encryption_key": keys and tokens of accounts are stored sealed only.',
      'A "service" le falta "encryption_key": las claves y los tokens de las cuentas solo se guardan cifrados.',
      'В "service" нет "encryption_key": ключи и токены аккаунтов хранятся только зашифрованными.',
    ),
    say(
      `make one with "openssl rand -hex 32", put it into the environment or the file .env, and write "\${ENCRYPTION_KEY}" here`,
      `cree una con "openssl rand -hex 32", póngala en el entorno o en el archivo .env y escriba aquí "\${ENCRYPTION_KEY}"`,
      `создайте его командой "openssl rand -hex 32", задайте в окружении или в файле .env и напишите здесь "\${ENCRYPTION_KEY}"`,
    ),
  );

export const badEncryptionKey = (): Fault =>
  faultOf(
    "bad-encryption-key",
    say("This is not a key of 32 bytes.", "Esto no es una clave de 32 bytes.", "Это не ключ из 32 байт."),
    say(
      'make one with "openssl rand -hex 32": 64 hex digits; base64 of 32 bytes will do as well',
      'cree una con "openssl rand -hex 32": 64 cifras hexadecimales; también vale base64 de 32 bytes',
      'создайте его командой "openssl rand -hex 32": 64 шестнадцатеричные цифры; подойдёт и base64 из 32 байт',
    ),
  );

export const serviceNeedsPassword = (): Fault =>
  faultOf(
    "service-needs-password",
    say(
      '"service" has no "admin_password": it opens the pages of the operator.',
      'A "service" le falta "admin_password": abre las páginas del operador.',
      'В "service" нет "admin_password": он открывает страницы оператора.',
    ),
    say(
      `choose one of at least 12 characters, put it into the environment or the file .env, and write "\${ADMIN_PASSWORD}" here`,
      `elija una de al menos 12 caracteres, póngala en el entorno o en el archivo .env y escriba aquí "\${ADMIN_PASSWORD}"`,
      `придумайте пароль не короче 12 символов, задайте его в окружении или в файле .env и напишите здесь "\${ADMIN_PASSWORD}"`,
    ),
  );

export const shortPassword = (): Fault =>
  faultOf(
    "short-password",
    say(
      "This password is too short: it guards the pages of the operator.",
      "Esta contraseña es demasiado corta: protege las páginas del operador.",
      "Этот пароль слишком короткий: он защищает страницы оператора.",
    ),
    say(
      "choose one of at least 12 characters",
      "elija una de al menos 12 caracteres",
      "придумайте пароль не короче 12 символов",
    ),
  );

export const serviceNeedsAddress = (): Fault =>
  faultOf(
    "service-needs-address",
    say(
      '"service" needs "public_url": the CRM sends people and calls to it.',
      '"service" necesita "public_url": el CRM envía allí a las personas y las llamadas.',
      'Для "service" нужен "public_url": туда CRM направляет людей и запросы.',
    ),
    say(
      "write the address at which the program is reached from the internet under module:, such as public_url: https://bot.example",
      "escriba en module: la dirección por la que se llega al programa desde internet, como public_url: https://bot.example",
      "укажите в module: адрес, по которому программа доступна из интернета, например public_url: https://bot.example",
    ),
  );

export const openAddress = (): Fault =>
  faultOf(
    "open-address",
    say(
      'Keys of accounts are typed in at this "public_url": it has to be https.',
      'En este "public_url" se escriben las claves de las cuentas: tiene que ser https.',
      'По этому "public_url" вводят ключи аккаунтов: нужен https.',
    ),
    say(
      "begin it with https:// (http:// is only for localhost)",
      "empiécelo por https:// (http:// es solo para localhost)",
      "начните его с https:// (http:// — только для localhost)",
    ),
  );

export const badProxy = (entry: string): Fault =>
  faultOf(
    "bad-proxy",
    say(
      `"${entry}" is no network address and no net.`,
      `"${entry}" no es una dirección de red ni una red.`,
      `"${entry}" — не сетевой адрес и не сеть.`,
    ),
    say(
      "write numbers: 192.168.1.5, 10.0.0.0/8, fd00::/8",
      "escriba números: 192.168.1.5, 10.0.0.0/8, fd00::/8",
      "пишите числами: 192.168.1.5, 10.0.0.0/8, fd00::/8",
    ),
  );

export const shortRetention = (span: string): Fault =>
  faultOf(
    "short-retention",
    say(
      `"${span}" is less than a day: waiting runs and late answers of the CRM need what was before.`,
      `"${span}" es menos de un día: los procesos en espera y las respuestas tardías del CRM necesitan lo anterior.`,
      `"${span}" — меньше суток: ожидающим сценариям и поздним ответам CRM нужно то, что было раньше.`,
    ),
    say("write at least 1d", "escriba al menos 1d", "напишите не меньше 1d"),
  );
