# A Transit Gateway that is shared, and a VPC behind it with NAT.

resource "aws_ec2_transit_gateway" "hub" {
  description                     = "hub"
  auto_accept_shared_attachments  = "enable"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  tags                            = { Name = "hub" }
}

resource "aws_ram_resource_share" "hub" {
  name                      = "hub"
  allow_external_principals = true
}

resource "aws_ram_resource_association" "hub" {
  resource_share_arn = aws_ram_resource_share.hub.arn
  resource_arn       = aws_ec2_transit_gateway.hub.arn
}

resource "aws_ram_principal_association" "spoke" {
  resource_share_arn = aws_ram_resource_share.hub.arn
  principal          = "222222222222"
}

resource "aws_vpc" "egress" {
  cidr_block = "10.0.0.0/18"
}

resource "aws_subnet" "egress" {
  for_each          = { for number, tier in ["public", "attachment", "firewall"] : tier => number }
  vpc_id            = aws_vpc.egress.id
  cidr_block        = cidrsubnet(aws_vpc.egress.cidr_block, 2, each.value)
  availability_zone = "eu-west-1a"
}

resource "aws_internet_gateway" "egress" {
  vpc_id = aws_vpc.egress.id
}

resource "aws_eip" "egress" {
  domain = "vpc"
}

resource "aws_nat_gateway" "egress" {
  subnet_id     = aws_subnet.egress["public"].id
  allocation_id = aws_eip.egress.id
  depends_on    = [aws_internet_gateway.egress]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "egress" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.egress.id
  subnet_ids                                      = [aws_subnet.egress["attachment"].id]
  appliance_mode_support                          = "enable"
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "egress" }
}

resource "aws_ec2_transit_gateway_route_table" "segment" {
  for_each           = toset(["dev", "egress"])
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  tags               = { Name = each.key }
}

resource "aws_ec2_transit_gateway_route_table_association" "egress" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.egress.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.segment["egress"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "egress" {
  for_each                       = aws_ec2_transit_gateway_route_table.segment
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.egress.id
  transit_gateway_route_table_id = each.value.id
}

resource "aws_ec2_transit_gateway_route" "out" {
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.egress.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.segment["dev"].id
}

resource "aws_ec2_transit_gateway_route" "drop" {
  destination_cidr_block         = "10.0.0.0/8"
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.segment["dev"].id
}

resource "aws_flow_log" "hub" {
  for_each                 = toset(["vpc", "gateway"])
  vpc_id                   = each.key == "vpc" ? aws_vpc.egress.id : null
  transit_gateway_id       = each.key == "gateway" ? aws_ec2_transit_gateway.hub.id : null
  traffic_type             = each.key == "vpc" ? "ALL" : null
  log_destination_type     = "s3"
  log_destination          = "arn:aws:s3:::${data.terraform_remote_state.baseline.outputs.bucket}"
  max_aggregation_interval = 60

  destination_options {
    file_format                = "parquet"
    per_hour_partition         = true
    hive_compatible_partitions = true
  }
}
