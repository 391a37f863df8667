import type { Directories } from "../world/shop-rows.ts";

/** What `/reference/<name>` answers: the rows keyed by code, and `[]` when there are none (a habit of PHP). */
export const DIRECTORIES: Readonly<
  Record<string, { readonly key: string; rows(directories: Directories): readonly { readonly code: string }[] }>
> = {
  "delivery-types": { key: "deliveryTypes", rows: deliveryTypes },
  "payment-types": { key: "paymentTypes", rows: paymentTypes },
  "payment-statuses": { key: "paymentStatuses", rows: paymentStatuses },
  statuses: { key: "statuses", rows: statuses },
  "status-groups": { key: "statusGroups", rows: statusGroups },
};

export const byCode = (rows: readonly { readonly code: string }[]) =>
  rows.length === 0 ? [] : Object.fromEntries(rows.map((row) => [row.code, row]));

function deliveryTypes({ deliveryTypes: rows }: Directories) {
  return rows.map(({ code, name, active, cost, description, payments }, index) => ({
    name,
    code,
    active,
    defaultCost: cost,
    defaultNetCost: 0,
    ...(description === "" ? {} : { description }),
    currency: "EUR",
    defaultForCrm: index === 0,
    paymentTypes: payments,
    deliveryServices: [],
    deliveryPaymentTypes: payments.map((payment) => ({ code: payment, cod: payment === "cash" })),
  }));
}

function paymentTypes({ paymentTypes: rows, deliveryTypes: deliveries, paymentStatuses: states }: Directories) {
  return rows.map(({ code, name, active }, index) => ({
    name,
    code,
    active,
    defaultForCrm: index === 0,
    defaultForApi: false,
    deliveryTypes: deliveries.filter(({ payments }) => payments.includes(code)).map((delivery) => delivery.code),
    paymentStatuses: states.map((state) => state.code),
  }));
}

function paymentStatuses({ paymentStatuses: rows, paymentTypes: types }: Directories) {
  return rows.map(({ code, name, paid }, index) => ({
    name,
    code,
    active: true,
    defaultForCrm: index === 0,
    defaultForApi: false,
    paymentComplete: paid,
    ordering: (index + 1) * 10,
    paymentTypes: types.map((type) => type.code),
  }));
}

function statuses({ statuses: rows }: Directories) {
  return rows.map(({ code, name, active, group }) => {
    const place = rows.filter((row) => row.group === group).findIndex((row) => row.code === code);
    return { name, code, active, ordering: (place + 1) * 10, group };
  });
}

function statusGroups({ statusGroups: rows, statuses: all }: Directories) {
  return rows.map(({ code, name }, index) => ({
    name,
    code,
    active: true,
    ordering: (index + 1) * 10,
    process: code !== "complete" && code !== "cancel",
    statuses: all.filter(({ group }) => group === code).map((status) => status.code),
  }));
}
