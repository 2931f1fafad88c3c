using Federation.Silo.Hosting;
using Federation.Storage;

WebApplication service;
try
{
    service = FederationHost.Build(args);
}
catch (Exception refusal) when (refusal is SchemaVersionException or StorageUnavailableException)
{
    // Its message says what to do; where in the program it was thrown helps nobody.
    Console.Error.WriteLine(refusal.Message);
    return 1;
}

await service.RunAsync();
return 0;
