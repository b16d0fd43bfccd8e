# Three accounts of the organisation: the catalogue's (the default provider), a data domain's and a team's.
locals {
  governance = data.terraform_remote_state.organization.outputs.security
  domain     = data.terraform_remote_state.organization.outputs.log_archive
  team       = data.terraform_remote_state.organization.outputs.team
  unit       = data.terraform_remote_state.organization.outputs.unit
}
