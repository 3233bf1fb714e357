/** Words that say how. */
export const adverbs = words(`
  barely boldly bravely briefly brightly calmly carefully cheerfully clearly closely deeply eagerly early easily
  evenly fairly firmly freely freshly gently gladly greatly happily highly jolly keenly kindly lately lightly likely
  loudly mainly merely mildly mostly namely nearly neatly newly nicely nimbly openly oddly partly plainly promptly
  quickly quietly rarely readily safely simply slowly smoothly softly steadily strongly surely truly warmly wisely`);

/** Words that say what sort. */
export const adjectives = words(`
  able active amber ample ancient apt awake bold brave bright brisk calm candid careful central certain clean clear
  clever cosy crisp curious daring deep direct eager early easy elegant even fair faithful famous fast fine firm fit
  fond free fresh full gentle glad golden good grand great green happy hardy helpful honest huge humble ideal jolly
  just keen kind large light lively loyal lucky mellow merry mighty mild modest neat new nimble noble open patient
  polite proud pure quick quiet rapid rare ready real rich right robust rosy safe settled sharp shining simple
  sincere smart smooth social solid sound steady strong subtle sunny super sure sweet tender tidy true vast warm
  whole wild wise witty worthy young`);

/** Animals. */
export const animals = words(`
  adder albatross ant badger bat bear beaver bee beetle bison boar buck bull buzzard camel carp cat chamois cicada
  clam cod colt condor coot coral crab crane cricket crow cub cuckoo curlew deer dingo dog dolphin donkey dormouse
  dove dragonfly drake duck eagle eel egret eland elk emu ermine ewe falcon fawn ferret finch firefly flea flounder
  fly foal fox frog gannet gazelle gecko gibbon gnat gnu goat goose grouse grub gull hare hawk hen heron herring hog
  hornet horse hound ibex ibis jackal jay kestrel kid kite kiwi koala lamb lark lemming leopard limpet lion lizard
  llama lobster locust lynx magpie mallard mantis marmot marten mink minnow mole moose moth mouse mule mussel newt
  ocelot octopus okapi orca oriole osprey otter owl ox oyster panda parrot partridge peacock pelican penguin perch
  pheasant pig pigeon pika pike plover polecat pony prawn puffin puma quail rabbit ram raven reindeer robin rook
  salmon seal shark sheep shrew shrimp skylark sloth snail snipe sole sparrow spider squid squirrel stag starling
  stoat stork sturgeon swallow swan swift tapir teal tern thrush tiger toad trout tuna turbot turtle viper vole
  vulture walrus warbler wasp weasel whale whelk widgeon wolf wombat woodcock worm wren yak zebra`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
