# A team's Studio: what its apps start with, its users and their spaces.
variable "changed" {
  description = "Whether what can be changed in place has its second value"
  type        = bool
  default     = false
}

locals {
  key   = data.terraform_remote_state.baseline.outputs.key_arn
  level = var.changed ? 120 : 60
}

resource "aws_vpc" "studio" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "studio" {
  vpc_id            = aws_vpc.studio.id
  cidr_block        = "10.9.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_security_group" "studio" {
  name        = "studio"
  description = "Studio"
  vpc_id      = aws_vpc.studio.id
}

resource "aws_iam_role" "studio" {
  name               = "acme-dev-fraud-data-scientist"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_sagemaker_studio_lifecycle_config" "start" {
  studio_lifecycle_config_name     = "acme-dev-fraud-start"
  studio_lifecycle_config_app_type = "JupyterLab"
  studio_lifecycle_config_content  = base64encode("#!/bin/bash\npip config set global.index-url https://packages.acme.example/simple/\n")
  tags                             = { Team = "fraud" }
}

# No image: before it makes one, the provider sleeps a minute (test_studio.py has images).
resource "aws_sagemaker_app_image_config" "lab" {
  app_image_config_name = "acme-dev-fraud-lab"
  tags                  = { Team = "fraud" }

  jupyter_lab_image_config {
    container_config {
      container_entrypoint            = ["jupyter-lab"]
      container_arguments             = var.changed ? ["--debug"] : []
      container_environment_variables = { LEVEL = tostring(local.level) }
    }
    file_system_config {
      default_gid = 100
      default_uid = 1000
      mount_path  = "/home/sagemaker-user"
    }
  }
}

resource "aws_sagemaker_domain" "fraud" {
  domain_name             = "acme-dev-fraud"
  auth_mode               = "SSO"
  vpc_id                  = aws_vpc.studio.id
  subnet_ids              = [aws_subnet.studio.id]
  kms_key_id              = local.key
  app_network_access_type = "VpcOnly"
  tag_propagation         = "ENABLED"
  tags                    = { Team = "fraud" }

  domain_settings {
    execution_role_identity_config = "USER_PROFILE_NAME"
    security_group_ids             = [aws_security_group.studio.id]
    docker_settings {
      enable_docker_access = "DISABLED"
    }
  }

  default_user_settings {
    execution_role      = aws_iam_role.studio.arn
    security_groups     = [aws_security_group.studio.id]
    auto_mount_home_efs = "Enabled"
    default_landing_uri = "studio::"
    studio_web_portal   = "ENABLED"

    jupyter_lab_app_settings {
      lifecycle_config_arns = [aws_sagemaker_studio_lifecycle_config.start.arn]
      default_resource_spec {
        instance_type        = "ml.t3.medium"
        lifecycle_config_arn = aws_sagemaker_studio_lifecycle_config.start.arn
      }
      app_lifecycle_management {
        idle_settings {
          idle_timeout_in_minutes     = local.level
          lifecycle_management        = "ENABLED"
          min_idle_timeout_in_minutes = 60
          max_idle_timeout_in_minutes = 480
        }
      }
    }

    code_editor_app_settings {
      app_lifecycle_management {
        idle_settings {
          idle_timeout_in_minutes     = local.level
          lifecycle_management        = "ENABLED"
          min_idle_timeout_in_minutes = 60
          max_idle_timeout_in_minutes = 480
        }
      }
    }

    sharing_settings {
      notebook_output_option = "Disabled"
    }

    space_storage_settings {
      default_ebs_storage_settings {
        default_ebs_volume_size_in_gb = 5
        maximum_ebs_volume_size_in_gb = local.level
      }
    }

    studio_web_portal_settings {
      hidden_app_types      = ["RSessionGateway", "Canvas"]
      hidden_ml_tools       = ["DataWrangler", "AutoMl"]
      hidden_instance_types = ["ml.p4d.24xlarge", "ml.p5.48xlarge"]
    }

    canvas_app_settings {
      direct_deploy_settings {
        status = "DISABLED"
      }
    }
  }

  default_space_settings {
    execution_role  = aws_iam_role.studio.arn
    security_groups = [aws_security_group.studio.id]
    space_storage_settings {
      default_ebs_storage_settings {
        default_ebs_volume_size_in_gb = 5
        maximum_ebs_volume_size_in_gb = 100
      }
    }
  }

  retention_policy {
    home_efs_file_system = "Delete"
  }
}

resource "aws_sagemaker_user_profile" "ana" {
  domain_id                      = aws_sagemaker_domain.fraud.id
  user_profile_name              = "ana"
  single_sign_on_user_identifier = "UserName"
  single_sign_on_user_value      = "ana@acme.example"
  tags                           = { Team = "fraud", Persona = var.changed ? "ml-engineer" : "data-scientist" }

  user_settings {
    execution_role  = aws_iam_role.studio.arn
    security_groups = [aws_security_group.studio.id]
    jupyter_lab_app_settings {
      app_lifecycle_management {
        idle_settings {
          idle_timeout_in_minutes     = local.level
          lifecycle_management        = "ENABLED"
          min_idle_timeout_in_minutes = 60
          max_idle_timeout_in_minutes = 480
        }
      }
    }
  }
}

resource "aws_sagemaker_space" "ana" {
  domain_id          = aws_sagemaker_domain.fraud.id
  space_name         = "ana"
  space_display_name = var.changed ? "Ana's" : "Ana"
  tags               = { Team = "fraud" }

  ownership_settings {
    owner_user_profile_name = aws_sagemaker_user_profile.ana.user_profile_name
  }
  space_sharing_settings {
    sharing_type = "Private"
  }
  space_settings {
    app_type = "JupyterLab"
    jupyter_lab_app_settings {
      default_resource_spec {
        instance_type = "ml.t3.medium"
      }
    }
    space_storage_settings {
      ebs_storage_settings {
        ebs_volume_size_in_gb = var.changed ? 20 : 10
      }
    }
  }
}

resource "aws_sagemaker_mlflow_tracking_server" "fraud" {
  tracking_server_name            = "acme-dev-fraud"
  role_arn                        = aws_iam_role.studio.arn
  artifact_store_uri              = "s3://${data.terraform_remote_state.baseline.outputs.bucket}/mlflow"
  tracking_server_size            = var.changed ? "Medium" : "Small"
  automatic_model_registration    = false
  weekly_maintenance_window_start = "Sun:03:30"
  tags                            = { Team = "fraud" }
}
