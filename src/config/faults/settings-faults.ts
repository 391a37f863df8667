import { didYouMean, type Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with the settings once every value is known. */
export const halfCrm = (given: string, missing: string): Fault =>
  faultOf(
    "half-crm",
    say(
      `"${given}" is given, but "${missing}" is empty.`,
      `"${given}" está puesto, pero "${missing}" está vacío.`,
      `"${given}" указан, а "${missing}" пуст.`,
    ),
    say(
      "fill in both to connect the CRM, or leave both empty for the sandbox",
      "rellene los dos para conectar el CRM, o deje los dos vacíos para el entorno de pruebas",
      "заполните оба, чтобы подключить CRM, или оставьте оба пустыми для песочницы",
    ),
  );

export const badAddress = (key: string): Fault =>
  faultOf(
    "bad-address",
    say(`"${key}" is not a web address.`, `"${key}" no es una dirección web.`, `"${key}" — не веб-адрес.`),
    say(
      "write it like https://shop.example",
      "escríbala como https://shop.example",
      "напишите его так: https://shop.example",
    ),
  );

export const addressWithSecret = (key: string): Fault =>
  faultOf(
    "address-with-secret",
    say(
      `"${key}" has a user name, a password or a key in it.`,
      `"${key}" lleva dentro un usuario, una contraseña o una clave.`,
      `В "${key}" указаны имя, пароль или ключ.`,
    ),
    say(
      "write the address alone, like https://shop.example",
      "escriba solo la dirección, como https://shop.example",
      "напишите только адрес: https://shop.example",
    ),
  );

export const badZone = (zone: string, suggestion: string | null): Fault =>
  faultOf(
    "bad-timezone",
    say(`There is no time zone "${zone}".`, `No existe la zona horaria "${zone}".`, `Часового пояса "${zone}" нет.`),
    didYouMean(suggestion) ??
      say("write it like Europe/Madrid", "escríbala como Europe/Madrid", "напишите его так: Europe/Madrid"),
  );

export const badModuleCode = (code: string): Fault =>
  faultOf(
    "bad-module-code",
    say(
      `"${code}" cannot be the code of a module.`,
      `"${code}" no puede ser el código de un módulo.`,
      `"${code}" не может быть кодом модуля.`,
    ),
    say("use Latin letters, digits, - and _", "use letras latinas, cifras, - y _", "латинские буквы, цифры, - и _"),
  );
