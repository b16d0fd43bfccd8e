// Decides requests as IAM does, offline: a JSON job on stdin, the decisions as JSON on stdout, in the order of the cases.
// usage: node simulate.mjs FOLDER-OF-PACKAGES < job.json
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'package.json'))
const { runSimulation } = require('@cloud-copilot/iam-simulate')

// A collator for each call is a third of the evaluator's time; this one keeps them, and compares as the standard says.
const collators = new Map()
String.prototype.localeCompare = function (that, locales, options) {
  const key = JSON.stringify([locales, options])
  if (!collators.has(key)) collators.set(key, new Intl.Collator(locales, options))
  return collators.get(key).compare(String(this), String(that))
}

const ALLOW_ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const { documents, cases } = JSON.parse(readFileSync(0, 'utf8'))
const named = (keys) => keys.map((key) => ({ name: key, policy: documents[key] }))

async function decide(one) {
  const result = await runSimulation(
    {
      request: {
        principal: one.principal,
        action: one.action,
        resource: { resource: one.resource, accountId: one.account },
        contextVariables: one.context,
      },
      identityPolicies: named(one.identity),
      permissionBoundaryPolicies: one.boundary ? named([one.boundary]) : undefined,
      serviceControlPolicies: [{ orgIdentifier: 'unit', policies: [{ name: 'FullAWSAccess', policy: ALLOW_ALL }, ...named(one.scp)] }],
      resourceControlPolicies: [{ orgIdentifier: 'unit', policies: named(one.rcp) }],
      resourcePolicy: one.policy ? documents[one.policy] : undefined,
    },
    {},
  )
  if (result.resultType === 'error') return { decision: 'error', detail: JSON.stringify(result.errors) }
  const parts = result.resultType === 'single' ? [result.result] : result.results
  return { decision: result.overallResult, ignored: parts.flatMap((part) => part.ignoredContextKeys ?? []) }
}

const decisions = []
for (const one of cases) decisions.push(await decide(one))
process.stdout.write(JSON.stringify(decisions))
