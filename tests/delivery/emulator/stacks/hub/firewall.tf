# A firewall in the VPC, and routes that lead through it.
resource "aws_networkfirewall_rule_group" "allowed" {
  name     = "allowed"
  type     = "STATEFUL"
  capacity = 100

  rule_group {
    rule_variables {
      ip_sets {
        key = "HOME_NET"
        ip_set {
          definition = ["10.0.0.0/8"]
        }
      }
    }
    rules_source {
      rules_source_list {
        generated_rules_type = "ALLOWLIST"
        target_types         = ["TLS_SNI", "HTTP_HOST"]
        targets              = [".pypi.org"]
      }
    }
    stateful_rule_options {
      rule_order = "STRICT_ORDER"
    }
  }

  encryption_configuration {
    type   = "CUSTOMER_KMS"
    key_id = data.terraform_remote_state.baseline.outputs.key_arn
  }
}

resource "aws_networkfirewall_firewall_policy" "egress" {
  name = "egress"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    stateful_default_actions           = ["aws:drop_established", "aws:alert_established"]
    stateful_engine_options {
      rule_order              = "STRICT_ORDER"
      stream_exception_policy = "DROP"
    }
    stateful_rule_group_reference {
      priority     = 1
      resource_arn = aws_networkfirewall_rule_group.allowed.arn
    }
  }
}

resource "aws_networkfirewall_firewall" "egress" {
  name                = "egress"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.egress.arn
  vpc_id              = aws_vpc.egress.id

  subnet_mapping {
    subnet_id = aws_subnet.egress["firewall"].id
  }
}

resource "aws_networkfirewall_logging_configuration" "egress" {
  firewall_arn = aws_networkfirewall_firewall.egress.arn

  logging_configuration {
    dynamic "log_destination_config" {
      for_each = toset(["ALERT", "FLOW"])
      content {
        log_type             = log_destination_config.value
        log_destination_type = "S3"
        log_destination      = { bucketName = data.terraform_remote_state.baseline.outputs.bucket }
      }
    }
  }
}

locals {
  # The way out: attachment, firewall, NAT, internet.
  ways = {
    attachment = { endpoint = one([for state in aws_networkfirewall_firewall.egress.firewall_status[0].sync_states : state.attachment[0].endpoint_id]) }
    firewall   = { nat = aws_nat_gateway.egress.id }
    public     = { internet = aws_internet_gateway.egress.id }
  }
}

resource "aws_route_table" "egress" {
  for_each = aws_subnet.egress
  vpc_id   = aws_vpc.egress.id
}

resource "aws_route_table_association" "egress" {
  for_each       = aws_subnet.egress
  subnet_id      = each.value.id
  route_table_id = aws_route_table.egress[each.key].id
}

resource "aws_route" "out" {
  for_each               = local.ways
  route_table_id         = aws_route_table.egress[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = lookup(each.value, "endpoint", null)
  nat_gateway_id         = lookup(each.value, "nat", null)
  gateway_id             = lookup(each.value, "internet", null)
}

resource "aws_route" "back" {
  route_table_id         = aws_route_table.egress["firewall"].id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.egress.transit_gateway_id
}
