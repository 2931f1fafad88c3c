#pragma warning disable CA1812, CA1822, CA1852, CS0649, CS0169, IDE0044, IDE0051, IDE0060 // Only their compiled form is read.

namespace Samples.Used
{
    internal class Thing : Exception
    {
        public static void Act()
        {
        }
    }

    internal interface IThing;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class ThingAttribute(params Type[] types) : Attribute
    {
        public Type[] Types => types;
    }
}

namespace Samples.ByBase
{
    internal sealed class User : Used.Thing;
}

namespace Samples.ByInterface
{
    internal sealed class User : Used.IThing;
}

namespace Samples.ByAttribute
{
    internal sealed class User
    {
        internal void Run([Used.Thing] int number)
        {
        }
    }
}

namespace Samples.ByAttributeArgument
{
    [System.ComponentModel.TypeConverter(typeof(List<Used.Thing[]>))]
    internal sealed class User;
}

namespace Samples.ByConstraint
{
    internal sealed class User<T>
        where T : Used.Thing;
}

namespace Samples.ByField
{
    internal sealed class User
    {
        private Used.Thing[]? things;
    }
}

namespace Samples.ByGenericArgument
{
    internal sealed class User
    {
        internal Dictionary<int, List<Used.Thing>>? Things => null;
    }
}

namespace Samples.ByParameter
{
    internal sealed class User
    {
        internal void Run(in Used.Thing thing)
        {
        }
    }
}

namespace Samples.ByCall
{
    internal sealed class User
    {
        internal void Run() => Used.Thing.Act();
    }
}

namespace Samples.ByGenericCall
{
    internal sealed class User
    {
        internal object Run() => Array.Empty<Used.Thing>();
    }
}

namespace Samples.ByCast
{
    internal sealed class User
    {
        internal bool Run(object any) => any is Used.IThing;
    }
}

namespace Samples.ByCatch
{
    internal sealed class User
    {
        internal void Run(Action act)
        {
            try
            {
                act();
            }
            catch (Used.Thing)
            {
            }
        }
    }
}

namespace Samples.ByClosure
{
    internal sealed class User
    {
        internal Action Run(int number) => () => throw new Used.Thing { HResult = number };
    }
}

namespace Samples.ByAsync
{
    internal sealed class User
    {
        internal async Task Run()
        {
            await Task.Yield();
            Used.Thing.Act();
        }
    }
}

namespace Samples.Ring.First
{
    internal sealed class One
    {
        internal object Run() => new Second.Two(this);
    }
}

namespace Samples.Ring.Second
{
    internal sealed class Two(First.One one)
    {
        internal First.One One => one;
    }
}
