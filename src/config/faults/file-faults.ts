import type { Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with a file as a whole, with what it includes, and with names from the environment. */
export const fileMissing = (): Fault =>
  faultOf(
    "file-missing",
    say("There is no such file.", "No existe este archivo.", "Такого файла нет."),
    say(
      "check the name, or give another one with --config",
      "compruebe el nombre, o indique otro con --config",
      "проверьте имя или укажите другое через --config",
    ),
  );

export const fileIsFolder = (): Fault =>
  faultOf(
    "file-is-folder",
    say("This is a folder, not a file.", "Esto es una carpeta, no un archivo.", "Это папка, а не файл."),
    say("name the file inside it", "indique el archivo que está dentro", "укажите файл внутри неё"),
  );

export const fileUnreadable = (reason: string): Fault =>
  faultOf(
    "file-unreadable",
    say(
      `This file cannot be read (${reason}).`,
      `No se puede leer este archivo (${reason}).`,
      `Этот файл не удаётся прочитать (${reason}).`,
    ),
    say(
      "let the user that runs the bot read it",
      "permita que lo lea el usuario que ejecuta el bot",
      "дайте право чтения пользователю, под которым работает бот",
    ),
  );

export const fileTooBig = (limit: string): Fault =>
  faultOf(
    "file-too-big",
    say(`This file is larger than ${limit}.`, `Este archivo ocupa más de ${limit}.`, `Этот файл больше ${limit}.`),
    say(
      "split the rules into several files and include them",
      "reparta las reglas en varios archivos e inclúyalos",
      "разделите правила на несколько файлов и подключите их",
    ),
  );

export const fileNotUtf8 = (): Fault =>
  faultOf(
    "file-not-utf8",
    say(
      "From here on this file is not UTF-8 text.",
      "A partir de aquí este archivo no es texto UTF-8.",
      "Начиная отсюда этот файл не является текстом UTF-8.",
    ),
    say("save it with the encoding UTF-8", "guárdelo con la codificación UTF-8", "сохраните его в кодировке UTF-8"),
  );

export const fileEmpty = (): Fault =>
  faultOf(
    "file-empty",
    say("This file is empty.", "Este archivo está vacío.", "Этот файл пуст."),
    say(
      "write rules into it, or delete it",
      "escriba reglas en él o bórrelo",
      "напишите в нём правила или удалите его",
    ),
  );

export const tooSlow = (limitMs: number): Fault =>
  faultOf(
    "too-slow",
    say(
      `These files were not read within ${limitMs} ms.`,
      `Estos archivos no se leyeron en ${limitMs} ms.`,
      `Эти файлы не удалось прочитать за ${limitMs} мс.`,
    ),
    say(
      "look for something very large or deeply nested",
      "busque algo muy grande o muy anidado",
      "поищите что-то очень большое или глубоко вложенное",
    ),
  );

export const tooMuchMemory = (): Fault =>
  faultOf(
    "too-much-memory",
    say(
      "These files take too much memory to read.",
      "Leer estos archivos ocupa demasiada memoria.",
      "Для чтения этих файлов нужно слишком много памяти.",
    ),
    say(
      "look for something very large or deeply nested",
      "busque algo muy grande o muy anidado",
      "поищите что-то очень большое или глубоко вложенное",
    ),
  );

export const readerFailed = (reason: string): Fault =>
  faultOf(
    "reader-failed",
    say(
      `These files could not be read: ${reason}.`,
      `No se pudieron leer estos archivos: ${reason}.`,
      `Эти файлы не удалось прочитать: ${reason}.`,
    ),
    null,
  );

export const includeNothing = (pattern: string): Fault =>
  faultOf(
    "include-nothing",
    say(
      `No file fits "${pattern}".`,
      `Ningún archivo encaja con "${pattern}".`,
      `Нет файлов, подходящих под "${pattern}".`,
    ),
    say(
      "the path starts at the folder of this file",
      "la ruta empieza en la carpeta de este archivo",
      "путь начинается от папки этого файла",
    ),
  );

export const includeOutside = (file: string): Fault =>
  faultOf(
    "include-outside",
    say(
      `"${file}" is a link to a file outside this folder.`,
      `"${file}" es un enlace a un archivo fuera de esta carpeta.`,
      `"${file}" — это ссылка на файл за пределами этой папки.`,
    ),
    say(
      "put the file itself here, or include it by its own path",
      "ponga aquí el propio archivo o inclúyalo por su ruta",
      "положите сюда сам файл или подключите его по его пути",
    ),
  );

export const unsetVariable = (name: string): Fault =>
  faultOf(
    "unset-variable",
    say(
      `\${${name}} is not set in the environment.`,
      `\${${name}} no está definida en el entorno.`,
      `\${${name}} не задана в окружении.`,
    ),
    say(
      `set it, also in a file named .env, or give a default: \${${name}:-...}`,
      `defínala, también en un archivo .env, o dé un valor por defecto: \${${name}:-...}`,
      `задайте её, можно в файле .env, или укажите значение по умолчанию: \${${name}:-...}`,
    ),
  );

export const emptyToken = (key: string, reference: string): Fault =>
  faultOf(
    "empty-token",
    say(
      `"${key}" is empty: ${reference} is set, but to nothing.`,
      `"${key}" está vacío: ${reference} está definida, pero sin valor.`,
      `Значение "${key}" пустое: ${reference} задана, но без значения.`,
    ),
    say(
      `give it a value, or take "${key}" out if everybody may read the metrics`,
      `dele un valor, o quite "${key}" si cualquiera puede leer las métricas`,
      `задайте значение или уберите "${key}", если читать метрики может любой`,
    ),
  );

/** Never repeats what was found. */
export const literalSecret = (key: string, name: string): Fault =>
  faultOf(
    "literal-secret",
    say(
      `"${key}" holds a secret in plain text.`,
      `"${key}" contiene un secreto en texto claro.`,
      `"${key}" содержит секрет открытым текстом.`,
    ),
    say(
      `write "\${${name}}" here and put the secret into the environment or the file .env; if others saw it, make a new one`,
      `escriba aquí "\${${name}}" y ponga el secreto en el entorno o en el archivo .env; si alguien lo vio, cree otro`,
      `напишите здесь "\${${name}}", а секрет задайте в окружении или в файле .env; если его кто-то видел, выпустите новый`,
    ),
  );
