using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Applications;

/// <summary>What an application exchanges data with that is no VM of it and stays where it is: a file server, a licence server, its users' own site. Compared by reference.</summary>
/// <param name="Name">Its name, unique in the application.</param>
/// <param name="Addresses">Where it is reached; at least one, none of them a VM's or another endpoint's.</param>
/// <param name="Site">The site that it is at.</param>
public sealed record Endpoint(string Name, ImmutableArray<Address> Addresses, SiteId Site);
