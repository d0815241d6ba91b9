# Nodes and pods as kubectl lists them, without what would not fit into the output.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
$all = (& kubectl get nodes,pods --all-namespaces -o json | Out-String) | ConvertFrom-Json
$items = @($all.items | Where-Object { $_.kind -eq 'Node' -or $_.status.phase -ne 'Succeeded' } | ForEach-Object {
  $ready = @($_.status.conditions | Where-Object { $_.type -eq 'Ready' } | ForEach-Object { @{ type = 'Ready'; status = $_.status } })
  if ($_.kind -eq 'Node') { @{ kind = 'Node'; metadata = @{ name = $_.metadata.name }; status = @{ conditions = $ready } } }
  else { @{ kind = 'Pod'; metadata = @{ name = $_.metadata.name; namespace = $_.metadata.namespace }; spec = @{ nodeName = $_.spec.nodeName }; status = @{ phase = $_.status.phase; conditions = $ready } } }
})
@{ items = $items } | ConvertTo-Json -Depth 8 -Compress
